using System.Text.Encodings.Web;
using System.Text.Json;
using AgentLab.Core.Workflows.Expressions.Templates;

namespace AgentLab.Core.Workflows.Expressions;

/// <summary>Finds the templates in settings and compiles them. Stateless.</summary>
public sealed class SettingsCompiler : ISettingsCompiler
{
    private static readonly JsonElement NoSchema = JsonElement.Parse("true");

    /// <inheritdoc />
    public ICompiledSettings Compile(JsonElement settings, JsonElement schema)
    {
        var nodes = new HashSet<string>(StringComparer.Ordinal);
        return new CompiledSettings(Part(settings, schema, string.Empty, nodes, templates: true), [.. nodes]);
    }

    /// <inheritdoc />
    public ICompiledSettings CompileValue(JsonElement value) => Compile(value, NoSchema);

    private static SettingPart Part(JsonElement value, JsonElement schema, string pointer, HashSet<string> nodes, bool templates)
    {
        templates = templates && !(schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("x-template", out var wanted) && wanted.ValueKind == JsonValueKind.False);
        return value.ValueKind switch
        {
            JsonValueKind.Object => Object(value, schema, pointer, nodes, templates),
            JsonValueKind.Array => List(value, schema, pointer, nodes, templates),
            JsonValueKind.String when templates && Raw(value).IndexOf("{{"u8) >= 0 => Template(Text(value), pointer, nodes),
            _ => new FixedPart(value),
        };
    }

    private static ReadOnlySpan<byte> Raw(JsonElement value) => System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value);

    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new ExpressionException("value_unreadable", "The text holds a broken character.");
        }
    }

    private static SettingPart Template(string text, string pointer, HashSet<string> nodes)
    {
        try
        {
            var parsed = TemplateParser.Parse(text, nodes);
            return parsed switch
            {
                [] => new FixedPart(JsonOutput.Text(string.Empty)),
                [TextNode only] => new FixedPart(JsonOutput.Text(only.Text)),
                [OutputNode lone] => new LonePart(lone.Expression, pointer),
                _ => new TextPart(parsed, pointer),
            };
        }
        catch (ExpressionException fault) when (fault.Field is null)
        {
            throw new ExpressionException(fault.Code, fault.Message, pointer);
        }
    }

    private static SettingPart Object(JsonElement value, JsonElement schema, string pointer, HashSet<string> nodes, bool templates)
    {
        var members = new List<(JsonEncodedText Name, SettingPart Part)>();
        JsonElement properties = default;
        var known = schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out properties) && properties.ValueKind == JsonValueKind.Object;
        foreach (var member in value.EnumerateObject())
        {
            var inner = known && properties.TryGetProperty(member.Name, out var described) ? described : NoSchema;
            members.Add((Encode(member.Name), Part(member.Value, inner, $"{pointer}/{Escape(member.Name)}", nodes, templates)));
        }

        var given = members.Count;
        foreach (var property in known ? properties.EnumerateObject() : default)
        {
            // A default is a value, not a template: but one such as {{data}} is what a kind means by it.
            if (property.Value.ValueKind == JsonValueKind.Object && property.Value.TryGetProperty("default", out var otherwise) && !value.TryGetProperty(property.Name, out _))
            {
                members.Add((Encode(property.Name), Part(otherwise, property.Value, $"{pointer}/{Escape(property.Name)}", nodes, templates)));
            }
        }

        var part = new ObjectPart(members);
        return members.TrueForAll(m => m.Part is FixedPart) ? new FixedPart(members.Count == given ? value : Fixed(part)) : part;
    }

    private static SettingPart List(JsonElement value, JsonElement schema, string pointer, HashSet<string> nodes, bool templates)
    {
        var described = schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("items", out var items) ? items : NoSchema;
        var parts = new List<SettingPart>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            parts.Add(Part(item, described, $"{pointer}/{parts.Count}", nodes, templates));
        }

        var list = new ListPart(parts);
        return parts.TrueForAll(p => p is FixedPart) ? new FixedPart(Fixed(list)) : list;
    }

    private static JsonElement Fixed(SettingPart part) => JsonOutput.Build(part, static (writer, it) => it.Write(writer, null!));

    private static JsonEncodedText Encode(string name) => JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    private static string Escape(string name) => name.Contains('~') || name.Contains('/') ? name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal) : name;
}

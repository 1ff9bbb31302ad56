using System.Globalization;
using System.Text.Json;

namespace AgentLab.Web.Features.Workflows.Forms;

/// <summary>Reads the fields of a form out of a JSON Schema. What a schema says that is not known here is left alone, never an error.</summary>
internal static class SettingFields
{
    private const int MostLevels = 6;

    /// <summary>The fields of an object's schema, in the order of <c>x-order</c>, then of the schema.</summary>
    /// <param name="schema">A schema of type object.</param>
    /// <param name="templates">Whether texts may hold templates unless a field says otherwise.</param>
    public static IReadOnlyList<SettingField> Of(JsonElement schema, bool templates) => Of(schema, templates, 0);

    private static IReadOnlyList<SettingField> Of(JsonElement schema, bool templates, int level)
    {
        if (level >= MostLevels || schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var required = schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
            ? names.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!).ToHashSet()
            : [];
        return
        [
            .. properties.EnumerateObject()
                .Where(property => property.Value.ValueKind == JsonValueKind.Object)
                .Select((property, index) => (Order: Number(property.Value, "x-order") ?? 1000 + index, Field: Read(property.Name, property.Value, required.Contains(property.Name), templates, level)))
                .OrderBy(entry => entry.Order)
                .Select(entry => entry.Field),
        ];
    }

    private static SettingField Read(string name, JsonElement schema, bool required, bool templates, int level)
    {
        templates = Flag(schema, "x-template") ?? templates;
        var control = ControlOf(schema);
        return new SettingField
        {
            Name = name,
            Title = Text(schema, "title") ?? Words(name),
            Help = Text(schema, "description"),
            Control = control,
            Schema = schema,
            Required = required,
            Default = schema.TryGetProperty("default", out var value) ? value : null,
            Example = ExampleOf(schema),
            Options = OptionsOf(schema),
            Advanced = Flag(schema, "x-advanced") ?? false,
            Templates = templates,
            Whole = Types(schema).Contains("integer") && !Types(schema).Contains("number"),
            AnyType = Types(schema).Count == 0,
            IsList = Types(schema) is ["array", ..],
            Minimum = Number(schema, "minimum"),
            Maximum = Number(schema, "maximum"),
            MaxLength = (int?)Number(schema, "maxLength"),
            ShowIf = ShowIfOf(schema),
            Fields = control == FieldControl.Group ? Of(schema, templates, level + 1) : [],
            Item = control == FieldControl.List && schema.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Object
                ? Read("", items, required: true, templates, level + 1)
                : null,
        };
    }

    private static FieldControl ControlOf(JsonElement schema)
    {
        if (Text(schema, "x-control") is { } wanted && Enum.TryParse<FieldControl>(wanted, ignoreCase: true, out var control))
        {
            return control;
        }

        if (OptionsOf(schema).Count > 0)
        {
            return FieldControl.Select;
        }

        var types = Types(schema);
        var hasFields = schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object;
        return types switch
        {
            ["string", ..] when (Number(schema, "maxLength") ?? 0) > 500 || Text(schema, "format") == "multiline" => FieldControl.Multiline,
            ["string", ..] => FieldControl.Text,
            ["integer" or "number", ..] => FieldControl.Number,
            ["boolean", ..] => FieldControl.Switch,
            ["array", ..] when schema.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Object && Types(items).Count > 0 => FieldControl.List,
            ["object", ..] when hasFields => FieldControl.Group,
            ["object", ..] when schema.TryGetProperty("additionalProperties", out var rest) && rest.ValueKind == JsonValueKind.Object && Types(rest) is ["string", ..] => FieldControl.Pairs,
            _ => FieldControl.Json,
        };
    }

    private static IReadOnlyList<FieldOption> OptionsOf(JsonElement schema)
    {
        if (schema.TryGetProperty("oneOf", out var choices) && choices.ValueKind == JsonValueKind.Array
            && choices.EnumerateArray().All(choice => choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("const", out var value) && value.ValueKind == JsonValueKind.String))
        {
            return [.. choices.EnumerateArray().Select(choice => new FieldOption(choice.GetProperty("const").GetString()!, Text(choice, "title") ?? Words(choice.GetProperty("const").GetString()!)))];
        }

        if (!schema.TryGetProperty("enum", out var values) || values.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        var titles = schema.TryGetProperty("x-titles", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
        return
        [
            .. values.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String)
                .Select(value => value.GetString()!)
                .Select(value => new FieldOption(value, titles.ValueKind == JsonValueKind.Object ? Text(titles, value) ?? Words(value) : Words(value))),
        ];
    }

    private static Dictionary<string, IReadOnlyList<JsonElement>> ShowIfOf(JsonElement schema)
    {
        var wanted = new Dictionary<string, IReadOnlyList<JsonElement>>();
        if (schema.TryGetProperty("x-show-if", out var rule) && rule.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in rule.EnumerateObject())
            {
                wanted[property.Name] = property.Value.ValueKind == JsonValueKind.Array ? [.. property.Value.EnumerateArray()] : [property.Value];
            }
        }

        return wanted;
    }

    private static string? ExampleOf(JsonElement schema) =>
        schema.TryGetProperty("examples", out var examples) && examples.ValueKind == JsonValueKind.Array && examples.GetArrayLength() > 0
            ? examples[0].ValueKind == JsonValueKind.String ? examples[0].GetString() : examples[0].GetRawText()
            : null;

    private static IReadOnlyList<string> Types(JsonElement schema) =>
        !schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind == JsonValueKind.String ? [type.GetString()!]
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.String).Select(t => t.GetString()!).Where(t => t != "null")]
        : [];

    private static string? Text(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static bool? Flag(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;

    /// <summary>A name as words: <c>maxItems</c> and <c>max_items</c> become "Max items". What has no small letter (GET) stays.</summary>
    public static string Words(string name)
    {
        if (name.Length == 0 || !name.Any(char.IsLower))
        {
            return name;
        }

        var text = new System.Text.StringBuilder();
        foreach (var letter in name)
        {
            if (letter is '_' or '-')
            {
                text.Append(' ');
            }
            else if (char.IsUpper(letter) && text.Length > 0 && text[^1] != ' ')
            {
                text.Append(' ').Append(char.ToLower(letter, CultureInfo.InvariantCulture));
            }
            else
            {
                text.Append(letter);
            }
        }

        text[0] = char.ToUpper(text[0], CultureInfo.InvariantCulture);
        return text.ToString();
    }
}

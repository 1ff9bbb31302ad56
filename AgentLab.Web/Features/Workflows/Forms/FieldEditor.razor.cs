using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Workflows.Forms;

/// <summary>One field of a form that is made from a schema: its label, its input, what is wrong with it, and the values that can be put into it.</summary>
public sealed partial class FieldEditor
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What was typed and is no value of the wanted shape yet: it stays in the box and is not handed on.
    private string? _unread;
    private string? _unreadFault;
    private JsonNode? _jsonOf;
    private string _json = "";
    private bool _picking;
    private bool? _asText;

    [Parameter, EditorRequired]
    public SettingField Field { get; set; } = default!;

    [Parameter, EditorRequired]
    public string Path { get; set; } = "";

    [Parameter]
    public JsonNode? Value { get; set; }

    [CascadingParameter]
    private FormContext Context { get; set; } = default!;

    private string Id => FormValues.Id(Context.Prefix, Path);

    // A value that comes from another node is written as text, whatever the field wants in the end.
    private FieldControl Shape => CanUseTemplate && AsText ? FieldControl.Text : Field.Control;

    private bool AsText => _asText ?? (Value is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Contains("{{", StringComparison.Ordinal));

    private bool CanUseTemplate => Field is { Templates: true, Control: FieldControl.Number or FieldControl.Switch or FieldControl.Select or FieldControl.List or FieldControl.Pairs };

    private bool CanInsert => Context.Sources.Count > 0 && Field.Templates && Shape is FieldControl.Text or FieldControl.Multiline or FieldControl.Code or FieldControl.Json;

    private bool Grouped => Shape is FieldControl.Pairs or FieldControl.Conditions or FieldControl.List or FieldControl.Group or FieldControl.Schema;

    private string Shown => Field.AnyType ? LooseValue.Show(Value) : FormValues.Text(Value);

    private string NumberShown => _unread ?? Shown;

    private string Selected => FormValues.Text(Value ?? Standard);

    private bool IsOn => (Value ?? Standard) is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    private JsonNode? Standard => Field.Default is { } standard ? JsonNode.Parse(standard.GetRawText()) : null;

    private IReadOnlyList<FieldOption> Choices => Context.Choices.For(Field.Control);

    private string Article => Field.Control == FieldControl.Agent ? "an" : "a";

    private string? Placeholder => Standard is { } standard ? $"Default: {FormValues.Text(standard)}" : Field.Example;

    private int Rows => Math.Clamp(Shown.Count(letter => letter == '\n') + 1, Shape is FieldControl.Json or FieldControl.Code ? 4 : 3, 14);

    private string? Fault => _unreadFault ?? Context.Fault(Path, within: Field.Control is not (FieldControl.Group or FieldControl.List));

    private string? Wrong => Fault is null ? null : "true";

    private string Hint => string.Join(' ', new[] { Field.Help, Field.Control == FieldControl.Number && Field.Bounds is { } bounds ? $"{char.ToUpperInvariant(bounds[0])}{bounds[1..]}." : null }
        .Where(part => !string.IsNullOrEmpty(part)));

    private string? Described => string.Join(' ', new[] { Fault is null ? null : $"{Id}-fault", Hint.Length == 0 ? null : $"{Id}-hint" }.Where(id => id is not null)) is { Length: > 0 } ids ? ids : null;

    private string JsonShown
    {
        get
        {
            if (_unread is not null)
            {
                return _unread;
            }

            // What was typed stays as it was typed while it means the same.
            if (!JsonNode.DeepEquals(_jsonOf, Value) || (_json.Length == 0 && Value is not null))
            {
                (_jsonOf, _json) = (Value?.DeepClone(), Value is null ? "" : IsLoneTemplate ? FormValues.Text(Value) : Value.ToJsonString(Indented));
            }

            return _json;
        }
    }

    private bool IsLoneTemplate => Field.Templates && Value is JsonValue text && text.GetValueKind() == JsonValueKind.String && text.GetValue<string>() is ['{', '{', .., '}', '}'];

    private static bool IsTemplate(string text) => text.Contains("{{", StringComparison.Ordinal);

    private Task SetAsync(JsonNode? value)
    {
        (_unread, _unreadFault) = (null, null);
        // The field is drawn once before the form hands the value back: what it shows then is this one, or rows are made anew under the caret.
        Value = value;
        return Context.Change(Path, value);
    }

    private Task SetText(string? text) => SetAsync(string.IsNullOrEmpty(text) ? null : Field.AnyType ? LooseValue.Read(text) : JsonValue.Create(text));

    // The name of a secret stands here, never the secret.
    private Task SetSecret(string? name) => SetAsync(string.IsNullOrWhiteSpace(name) ? null : new JsonObject { ["secret"] = name.Trim() });

    private Task SetNumber(string? text)
    {
        text = (text ?? "").Trim();
        if (text.Length == 0)
        {
            return SetAsync(null);
        }

        if (Field.Templates && IsTemplate(text))
        {
            return SetAsync(JsonValue.Create(text));
        }

        var fits = Field.Whole
            ? long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            : decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);
        if (!fits)
        {
            (_unread, _unreadFault) = (text, Field.Whole ? "Write a whole number." : "Write a number, with a point for decimals.");
            return Task.CompletedTask;
        }

        return SetAsync(Field.Whole
            ? JsonValue.Create(long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))
            : JsonValue.Create(decimal.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)));
    }

    private Task SetJson(string? text)
    {
        text ??= "";
        if (text.Trim().Length == 0)
        {
            return SetAsync(null);
        }

        try
        {
            var value = JsonNode.Parse(text);
            (_jsonOf, _json) = (value?.DeepClone(), text);
            return SetAsync(value);
        }
        catch (JsonException) when (Field.Templates && text.TrimStart().StartsWith("{{", StringComparison.Ordinal) && text.TrimEnd().EndsWith("}}", StringComparison.Ordinal))
        {
            // A lone template gives the value itself.
            var template = JsonValue.Create(text.Trim());
            (_jsonOf, _json) = (template, text);
            return SetAsync(template);
        }
        catch (JsonException fault)
        {
            (_unread, _unreadFault) = (text, $"This is not JSON yet (line {(fault.LineNumber ?? 0) + 1}). Not saved until it is.");
            return Task.CompletedTask;
        }
    }

    private Task ToggleText()
    {
        var text = !AsText;
        _asText = text;
        // From a fixed value to a text and back nothing of the wrong shape stays behind.
        return text ? Task.CompletedTask : SetAsync(null);
    }

    private Task InsertAsync(string template) => Context.Insert(Id, template);

    private RenderFragment Mark => builder =>
    {
        if (Field.Required && Field.Default is null)
        {
            builder.OpenElement(0, "span");
            builder.AddAttribute(1, "class", "needed");
            builder.AddContent(2, "required");
            builder.CloseElement();
        }
    };
}

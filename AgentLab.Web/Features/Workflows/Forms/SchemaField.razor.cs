using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Workflows.Forms;

/// <summary>Edits a JSON Schema of an object: fields with a kind each, or the schema itself.</summary>
public sealed partial class SchemaField
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly (string Key, string Word)[] Kinds =
    [
        ("string", "Text"), ("long", "Long text"), ("number", "Number"), ("integer", "Whole number"), ("boolean", "Yes or no"), ("choice", "Choice"), ("array", "List"), ("object", "Object"),
    ];

    private bool _raw;
    private string? _unread;
    private string? _fault;

    [Parameter, EditorRequired]
    public string Id { get; set; } = "";

    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    [Parameter]
    public JsonNode? Value { get; set; }

    [Parameter]
    public bool ReadOnly { get; set; }

    [Parameter, EditorRequired]
    public EventCallback<JsonNode?> OnChange { get; set; }

    private JsonObject Properties => Value?["properties"] as JsonObject ?? [];

    private HashSet<string> Required => Value?["required"] is JsonArray names ? [.. names.Select(FormValues.Text)] : [];

    private string RawShown => _unread ?? (Value is null ? "" : Value.ToJsonString(Indented));

    private static string KindOf(JsonNode? schema) => schema switch
    {
        JsonObject field when field["enum"] is JsonArray => "choice",
        JsonObject field when FormValues.Text(field["type"]) == "string" && field["x-control"] is { } control && FormValues.Text(control) == "multiline" => "long",
        JsonObject field when FormValues.Text(field["type"]) is { Length: > 0 } type && Kinds.Any(kind => kind.Key == type) => type,
        _ => "object",
    };

    private string Choices(string name) => (Properties[name] as JsonObject)?["enum"] is JsonArray values ? string.Join(", ", values.Select(FormValues.Text)) : "";

    private Task AddAsync()
    {
        var number = 1;
        while (Properties.ContainsKey(Name(number)))
        {
            number++;
        }

        return ChangeAsync((properties, _) => properties[Name(number)] = new JsonObject { ["type"] = "string" });

        static string Name(int number) => number == 1 ? "field" : string.Create(CultureInfo.InvariantCulture, $"field{number}");
    }

    private Task RemoveAsync(string name) => ChangeAsync((properties, required) =>
    {
        properties.Remove(name);
        required.Remove(name);
    });

    private Task RequireAsync(string name, bool wanted) => ChangeAsync((_, required) =>
    {
        if (wanted)
        {
            required.Add(name);
        }
        else
        {
            required.Remove(name);
        }
    });

    private Task RenameAsync(string name, string? wanted)
    {
        wanted = wanted?.Trim() ?? "";
        if (wanted.Length == 0 || wanted == name || Properties.ContainsKey(wanted))
        {
            return Task.CompletedTask;
        }

        var value = (JsonObject)(Value?.DeepClone() ?? New());
        // The fields keep their order.
        value["properties"] = new JsonObject([.. Properties.Select(field => KeyValuePair.Create(field.Key == name ? wanted : field.Key, field.Value?.DeepClone()))]);
        if (Required.Contains(name))
        {
            value["required"] = new JsonArray([.. Required.Select(one => (JsonNode)(one == name ? wanted : one))]);
        }

        return TellAsync(value);
    }

    private Task SetKindAsync(string name, string? kind) => ChangeAsync((properties, _) =>
    {
        var field = properties[name] as JsonObject ?? [];
        foreach (var part in (string[])["enum", "items", "x-control", "properties"])
        {
            field.Remove(part);
        }

        field["type"] = kind is "choice" or "long" ? "string" : kind;
        if (kind == "choice")
        {
            field["enum"] = new JsonArray("one", "two");
        }
        else if (kind == "long")
        {
            field["x-control"] = "multiline";
        }

        properties[name] = field;
    });

    private string Purpose(string name) => FormValues.Text((Properties[name] as JsonObject)?["description"]);

    private Task SetPurposeAsync(string name, string? text) => ChangeAsync((properties, _) =>
    {
        var field = properties[name] as JsonObject ?? [];
        if (string.IsNullOrWhiteSpace(text))
        {
            field.Remove("description");
        }
        else
        {
            field["description"] = text.Trim();
        }
    });

    private Task SetChoicesAsync(string name, string? text)
    {
        var choices = (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
        return choices.Count == 0
            ? Task.CompletedTask
            : ChangeAsync((properties, _) => ((JsonObject)properties[name]!)["enum"] = new JsonArray([.. choices.Select(choice => (JsonNode)choice)]));
    }

    private Task SetRawAsync(string? text)
    {
        (_unread, _fault) = (text, null);
        if (string.IsNullOrWhiteSpace(text))
        {
            return TellAsync(null);
        }

        try
        {
            if (JsonNode.Parse(text) is JsonObject schema)
            {
                return OnChange.InvokeAsync(schema);
            }

            _fault = "A schema is a JSON object.";
        }
        catch (JsonException fault)
        {
            _fault = $"This is not JSON yet (line {(fault.LineNumber ?? 0) + 1}). Not saved until it is.";
        }

        return Task.CompletedTask;
    }

    private static JsonObject New() => new() { ["type"] = "object", ["properties"] = new JsonObject() };

    private Task ChangeAsync(Action<JsonObject, HashSet<string>> change)
    {
        var value = (JsonObject)(Value?.DeepClone() ?? New());
        var properties = value["properties"] as JsonObject;
        if (properties is null)
        {
            value["properties"] = properties = [];
        }

        var required = Required;
        change(properties, required);
        value["type"] = "object";
        value.Remove("required");
        if (required.Count > 0)
        {
            value["required"] = new JsonArray([.. properties.Select(field => field.Key).Where(required.Contains).Select(name => (JsonNode)name)]);
        }

        return TellAsync(properties.Count == 0 && value.Count <= 2 ? null : value);
    }

    private Task TellAsync(JsonNode? value)
    {
        (_unread, _fault) = (null, null);
        return OnChange.InvokeAsync(value);
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Web.Features.Workflows.CommandLine;

/// <summary>The input of a run from the words of a command line.</summary>
internal static class RunInput
{
    /// <summary>The file's object with the single values laid over it. A value is what the workflow's schema calls for; without a word there, JSON where it is JSON, else a text.</summary>
    /// <exception cref="FormatException">The file holds no JSON object.</exception>
    public static JsonElement Make(string? file, IEnumerable<KeyValuePair<string, string>> values, WorkflowDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var input = Read(file);
        foreach (var (key, text) in values)
        {
            input[key] = Value(text, TypeOf(definition.Input, key));
        }

        return JsonSerializer.SerializeToElement(input);
    }

    private static JsonObject Read(string? file)
    {
        if (file is null)
        {
            return [];
        }

        try
        {
            return JsonNode.Parse(file) as JsonObject ?? throw new FormatException("The input file must hold a JSON object.");
        }
        catch (JsonException error)
        {
            throw new FormatException($"The input file is not JSON: line {(error.LineNumber ?? 0) + 1}, byte {(error.BytePositionInLine ?? 0) + 1}.", error);
        }
    }

    private static JsonNode? Value(string text, string? type)
    {
        if (type == "string")
        {
            return text;
        }

        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static string? TypeOf(JsonElement? schema, string key) =>
        schema is { ValueKind: JsonValueKind.Object } whole
        && whole.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
        && properties.TryGetProperty(key, out var property) && property.ValueKind == JsonValueKind.Object
        && property.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
            ? type.GetString()
            : null;
}

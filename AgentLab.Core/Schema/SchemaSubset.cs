using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Expressions.Conditions;

namespace AgentLab.Core.Schema;

/// <summary>Looks whether a schema keeps to the part of JSON Schema that is checked, so that no keyword is believed to hold that nobody looks at.</summary>
internal static class SchemaSubset
{
    private const int MaxDepth = 16;
    private const int MaxFaults = 20;

    private static readonly HashSet<string> Types = ["object", "array", "string", "number", "integer", "boolean", "null"];

    private static readonly HashSet<string> Notes = ["$schema", "$id", "$comment", "title", "description", "default", "examples", "readOnly", "writeOnly", "deprecated"];

    private static readonly HashSet<string> Bounds =
    [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
    ];

    public static List<SchemaFault> Faults(JsonElement schema)
    {
        var faults = new List<SchemaFault>();
        Look(schema, string.Empty, 0, faults);
        return faults;
    }

    private static void Look(JsonElement schema, string pointer, int depth, List<SchemaFault> faults)
    {
        if (faults.Count >= MaxFaults || schema.ValueKind is JsonValueKind.True)
        {
            return;
        }

        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
        {
            faults.Add(new SchemaFault(pointer, "schema", depth > MaxDepth ? $"is nested deeper than {MaxDepth} levels" : "must be a schema: an object"));
            return;
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            var place = $"{pointer}/{keyword.Name}";
            if (Fault(keyword) is { } fault)
            {
                faults.Add(new SchemaFault(place, "schema", fault));
                continue;
            }

            foreach (var (inner, name) in Inner(keyword))
            {
                Look(inner, place + name, depth + 1, faults);
            }
        }
    }

    private static IEnumerable<(JsonElement Schema, string Name)> Inner(JsonProperty keyword) => keyword.Name switch
    {
        "properties" => keyword.Value.EnumerateObject().Select(p => (p.Value, "/" + p.Name)),
        "items" => [(keyword.Value, string.Empty)],
        "additionalProperties" when keyword.Value.ValueKind == JsonValueKind.Object => [(keyword.Value, string.Empty)],
        "oneOf" or "anyOf" => keyword.Value.EnumerateArray().Select((s, i) => (s, "/" + i)),
        _ => [],
    };

    private static string? Fault(JsonProperty keyword)
    {
        var value = keyword.Value;
        return keyword.Name switch
        {
            "type" => IsType(value) ? null : $"must be one or several of {string.Join(", ", Types)}",
            "properties" => value.ValueKind == JsonValueKind.Object ? null : "must be an object of schemas",
            "required" => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(n => n.ValueKind == JsonValueKind.String) ? null : "must be a list of names",
            "additionalProperties" => value.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Object ? null : "must be true, false or a schema",
            "items" => value.ValueKind == JsonValueKind.Object ? null : "must be a schema",
            "enum" => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 ? null : "must be a list of at least one value",
            "oneOf" or "anyOf" => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 ? null : "must be a list of schemas",
            "uniqueItems" => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "must be true or false",
            "format" => value.ValueKind == JsonValueKind.String && SchemaFormats.All.Contains(value.GetString()!) ? null : $"must be one of {string.Join(", ", SchemaFormats.All)}",
            "pattern" => PatternFault(value),
            "const" => null,
            var name when Bounds.Contains(name) => value.ValueKind == JsonValueKind.Number ? null : "must be a number",
            var name when Notes.Contains(name) || name.StartsWith("x-", StringComparison.Ordinal) => null,
            _ => "is a keyword that is not known here: it would not be checked",
        };
    }

    private static bool IsType(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Types.Contains(value.GetString()!),
        JsonValueKind.Array => value.GetArrayLength() > 0 && value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String && Types.Contains(one.GetString()!)),
        _ => false,
    };

    private static string? PatternFault(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return "must be a text";
        }

        try
        {
            Patterns.Compile(value.GetString()!, ignoreCase: false);
            return null;
        }
        catch (ExpressionException wrong)
        {
            return $"cannot be used: {wrong.Message}";
        }
    }
}

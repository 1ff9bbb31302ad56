using System.Globalization;
using System.Text.Json;

namespace AgentLab.Core.Tools.Schema;

/// <summary>
/// Checks arguments against the part of JSON Schema that tool definitions use: type, properties, required, additionalProperties: false,
/// items, enum, const, minimum, maximum, exclusive bounds, lengths and counts, anyOf and oneOf (as "at least one"). Other keywords are let pass: the tool checks what is its own.
/// </summary>
internal static class ArgumentValidator
{
    private const int MaxProblems = 5;

    /// <summary>The problems in document order, at most five, each a phrase such as "query is missing"; empty when the arguments fit.</summary>
    public static IReadOnlyList<string> Validate(JsonElement schema, JsonElement arguments)
    {
        if (arguments.ValueKind != JsonValueKind.Object)
        {
            return ["they must be one JSON object"];
        }

        var problems = new List<string>();
        Check(schema, arguments, "", problems);
        return problems;
    }

    private static void Check(JsonElement schema, JsonElement value, string path, List<string> problems)
    {
        if (problems.Count >= MaxProblems || schema.ValueKind != JsonValueKind.Object || !CheckType(schema, value, path, problems))
        {
            return;
        }

        CheckChoice(schema, value, path, problems);
        CheckAlternatives(schema, value, path, problems);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(schema, value, path, problems);
                break;
            case JsonValueKind.Array:
                CheckArray(schema, value, path, problems);
                break;
            case JsonValueKind.String:
                CheckBounds(schema, new StringInfo(value.GetString()!).LengthInTextElements, "minLength", "maxLength", path, "characters", problems);
                break;
            case JsonValueKind.Number:
                CheckNumber(schema, value.GetDouble(), path, problems);
                break;
        }
    }

    private static bool CheckType(JsonElement schema, JsonElement value, string path, List<string> problems)
    {
        if (!schema.TryGetProperty("type", out var type))
        {
            return true;
        }

        string[] allowed = type.ValueKind switch
        {
            JsonValueKind.String => [type.GetString()!],
            JsonValueKind.Array => [.. type.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)],
            _ => [],
        };
        if (allowed.Length == 0 || allowed.Any(name => Fits(name, value)))
        {
            return true;
        }

        Add(problems, path, $"must be {string.Join(" or ", allowed.Select(WithArticle))}");
        return false;
    }

    private static bool Fits(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()),
        _ => true,
    };

    private static string WithArticle(string type) => type switch
    {
        "null" => "null",
        "object" or "array" or "integer" => "an " + type,
        _ => "a " + type,
    };

    private static void CheckChoice(JsonElement schema, JsonElement value, string path, List<string> problems)
    {
        if (schema.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array
            && !choices.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value)))
        {
            Add(problems, path, $"must be one of {string.Join(", ", choices.EnumerateArray().Select(choice => choice.ToString()))}");
        }

        if (schema.TryGetProperty("const", out var constant) && !JsonElement.DeepEquals(constant, value))
        {
            Add(problems, path, $"must be {constant}");
        }
    }

    private static void CheckAlternatives(JsonElement schema, JsonElement value, string path, List<string> problems)
    {
        foreach (var keyword in (ReadOnlySpan<string>)["anyOf", "oneOf"])
        {
            if (!schema.TryGetProperty(keyword, out var alternatives) || alternatives.ValueKind != JsonValueKind.Array)
            {
                continue;
            }

            var fits = alternatives.EnumerateArray().Any(alternative =>
            {
                var inner = new List<string>();
                Check(alternative, value, path, inner);
                return inner.Count == 0;
            });
            if (!fits)
            {
                Add(problems, path, "has none of the forms that are allowed");
            }
        }
    }

    private static void CheckObject(JsonElement schema, JsonElement value, string path, List<string> problems)
    {
        var hasProperties = schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object;
        var required = RequiredNames(schema);
        foreach (var name in required)
        {
            if (!value.TryGetProperty(name, out var given) || (given.ValueKind == JsonValueKind.Null && !AllowsNull(properties, name)))
            {
                Add(problems, Join(path, name), "is missing");
            }
        }

        var closed = schema.TryGetProperty("additionalProperties", out var additional) && additional.ValueKind == JsonValueKind.False;
        foreach (var property in value.EnumerateObject())
        {
            if (hasProperties && properties.TryGetProperty(property.Name, out var inner))
            {
                // Models often send null for what they leave out: it counts as absent, and as missing above when it is required.
                if (property.Value.ValueKind != JsonValueKind.Null)
                {
                    Check(inner, property.Value, Join(path, property.Name), problems);
                }
            }
            else if (closed)
            {
                var known = hasProperties ? string.Join(", ", properties.EnumerateObject().Select(one => one.Name)) : "";
                Add(problems, Join(path, property.Name), known.Length == 0 ? "is not known: no arguments are taken" : $"is not known (known are {known})");
            }
        }
    }

    private static List<string> RequiredNames(JsonElement schema) =>
        schema.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array
            ? [.. required.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)]
            : [];

    private static bool AllowsNull(JsonElement properties, string name) =>
        properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out var schema)
        && schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out var type)
        && (type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Any(one => one.ValueEquals("null")) : type.ValueEquals("null"));

    private static void CheckArray(JsonElement schema, JsonElement value, string path, List<string> problems)
    {
        CheckBounds(schema, value.GetArrayLength(), "minItems", "maxItems", path, "items", problems);
        if (!schema.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            Check(items, item, $"{path}[{index++}]", problems);
        }
    }

    private static void CheckBounds(JsonElement schema, int count, string min, string max, string path, string unit, List<string> problems)
    {
        if (TryBound(schema, min, out var least) && count < least)
        {
            Add(problems, path, $"needs at least {least} {unit}");
        }

        if (TryBound(schema, max, out var most) && count > most)
        {
            Add(problems, path, $"has {count} {unit}, at most {most} are allowed");
        }
    }

    private static void CheckNumber(JsonElement schema, double value, string path, List<string> problems)
    {
        if (TryBound(schema, "minimum", out var least) && value < least)
        {
            Add(problems, path, FormattableString.Invariant($"must be at least {least}"));
        }

        if (TryBound(schema, "maximum", out var most) && value > most)
        {
            Add(problems, path, FormattableString.Invariant($"must be at most {most}"));
        }

        if (TryBound(schema, "exclusiveMinimum", out var above) && value <= above)
        {
            Add(problems, path, FormattableString.Invariant($"must be more than {above}"));
        }

        if (TryBound(schema, "exclusiveMaximum", out var below) && value >= below)
        {
            Add(problems, path, FormattableString.Invariant($"must be less than {below}"));
        }
    }

    private static bool TryBound(JsonElement schema, string keyword, out double bound)
    {
        bound = 0;
        return schema.TryGetProperty(keyword, out var element) && element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out bound);
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static void Add(List<string> problems, string path, string phrase)
    {
        if (problems.Count < MaxProblems)
        {
            problems.Add(path.Length == 0 ? $"the value {phrase}" : $"{path} {phrase}");
        }
    }
}

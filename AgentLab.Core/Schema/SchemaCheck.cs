using System.Globalization;
using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Expressions.Conditions;

namespace AgentLab.Core.Schema;

/// <summary>One check of one value.</summary>
internal sealed class SchemaCheck(int most)
{
    private const int MaxDepth = 64;

    public List<SchemaFault> Faults { get; } = [];

    public void Check(JsonElement schema, JsonElement value, string pointer, int depth)
    {
        if (Faults.Count >= most || schema.ValueKind != JsonValueKind.Object || depth > MaxDepth || !CheckType(schema, value, pointer))
        {
            return;
        }

        CheckChoice(schema, value, pointer);
        CheckAlternatives(schema, value, pointer, depth);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(schema, value, pointer, depth);
                break;
            case JsonValueKind.Array:
                CheckArray(schema, value, pointer, depth);
                break;
            case JsonValueKind.String:
                CheckText(schema, value, pointer);
                break;
            case JsonValueKind.Number:
                CheckNumber(schema, value.GetDouble(), pointer);
                break;
        }
    }

    private bool CheckType(JsonElement schema, JsonElement value, string pointer)
    {
        if (!schema.TryGetProperty("type"u8, out var type))
        {
            return true;
        }

        if (type.ValueKind == JsonValueKind.String && Fits(type.GetString()!, value))
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

        Add(pointer, "type", $"must be {string.Join(" or ", allowed.Select(WithArticle))}");
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

    private void CheckChoice(JsonElement schema, JsonElement value, string pointer)
    {
        if (schema.TryGetProperty("enum"u8, out var choices) && choices.ValueKind == JsonValueKind.Array
            && !choices.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value)))
        {
            Add(pointer, "enum", $"must be one of {string.Join(", ", choices.EnumerateArray().Select(choice => choice.ToString()))}");
        }

        if (schema.TryGetProperty("const"u8, out var constant) && !JsonElement.DeepEquals(constant, value))
        {
            Add(pointer, "const", $"must be {constant}");
        }
    }

    private void CheckAlternatives(JsonElement schema, JsonElement value, string pointer, int depth)
    {
        // More than one form of a oneOf may fit here: what people and models mean by it is "one of these", and a value is not worse for fitting two.
        var fits = Alternative(schema, "anyOf"u8, value, pointer, depth) && Alternative(schema, "oneOf"u8, value, pointer, depth);
        if (!fits)
        {
            Add(pointer, "any_of", "has none of the forms that are allowed");
        }
    }

    private static bool Alternative(JsonElement schema, ReadOnlySpan<byte> keyword, JsonElement value, string pointer, int depth)
    {
        if (!schema.TryGetProperty(keyword, out var alternatives) || alternatives.ValueKind != JsonValueKind.Array)
        {
            return true;
        }

        foreach (var alternative in alternatives.EnumerateArray())
        {
            var inner = new SchemaCheck(1);
            inner.Check(alternative, value, pointer, depth + 1);
            if (inner.Faults.Count == 0)
            {
                return true;
            }
        }

        return false;
    }

    private void CheckObject(JsonElement schema, JsonElement value, string pointer, int depth)
    {
        var hasProperties = schema.TryGetProperty("properties"u8, out var properties) && properties.ValueKind == JsonValueKind.Object;
        foreach (var required in List(schema, "required"u8))
        {
            if (required.ValueKind == JsonValueKind.String && required.GetString()! is var name
                && (!value.TryGetProperty(name, out var given) || (given.ValueKind == JsonValueKind.Null && !AllowsNull(properties, name))))
            {
                Add(Join(pointer, name), "required", "is missing");
            }
        }

        CheckCount(schema, value.GetPropertyCount(), "minProperties"u8, "maxProperties"u8, pointer, "members");
        schema.TryGetProperty("additionalProperties"u8, out var additional);
        foreach (var property in value.EnumerateObject())
        {
            if (hasProperties && properties.TryGetProperty(property.Name, out var inner))
            {
                // Models and templates give null for what they leave out: it counts as absent, and as missing above when it is required.
                if (property.Value.ValueKind != JsonValueKind.Null)
                {
                    Check(inner, property.Value, Join(pointer, property.Name), depth + 1);
                }
            }
            else if (additional.ValueKind == JsonValueKind.False)
            {
                var known = hasProperties ? string.Join(", ", properties.EnumerateObject().Select(one => one.Name)) : "";
                Add(Join(pointer, property.Name), "unknown", known.Length == 0 ? "is not known: no arguments are taken" : $"is not known (known are {known})");
            }
            else if (additional.ValueKind == JsonValueKind.Object)
            {
                Check(additional, property.Value, Join(pointer, property.Name), depth + 1);
            }
        }
    }

    private static bool AllowsNull(JsonElement properties, string name)
    {
        if (properties.ValueKind != JsonValueKind.Object || !properties.TryGetProperty(name, out var schema) || schema.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        return schema.TryGetProperty("type"u8, out var type)
            && (type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals("null"u8))
            : type.ValueKind == JsonValueKind.String && type.ValueEquals("null"u8));
    }

    private void CheckArray(JsonElement schema, JsonElement value, string pointer, int depth)
    {
        CheckCount(schema, value.GetArrayLength(), "minItems"u8, "maxItems"u8, pointer, "items");
        if (schema.TryGetProperty("uniqueItems"u8, out var unique) && unique.ValueKind == JsonValueKind.True
            && value.EnumerateArray().Select(item => item.GetRawText()).Distinct(StringComparer.Ordinal).Count() < value.GetArrayLength())
        {
            Add(pointer, "unique_items", "holds an item twice");
        }

        if (!schema.TryGetProperty("items"u8, out var items) || items.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (Faults.Count >= most)
            {
                return;
            }

            Check(items, item, $"{pointer}/{index++}", depth + 1);
        }
    }

    private void CheckText(JsonElement schema, JsonElement value, string pointer)
    {
        if (schema.TryGetProperty("minLength"u8, out _) || schema.TryGetProperty("maxLength"u8, out _))
        {
            CheckCount(schema, new StringInfo(value.GetString()!).LengthInTextElements, "minLength"u8, "maxLength"u8, pointer, "characters");
        }

        if (schema.TryGetProperty("pattern"u8, out var pattern) && pattern.ValueKind == JsonValueKind.String && !MatchesPattern(value.GetString()!, pattern.GetString()!))
        {
            Add(pointer, "pattern", $"does not match the pattern {pattern.GetString()}");
        }

        if (schema.TryGetProperty("format"u8, out var format) && format.ValueKind == JsonValueKind.String
            && SchemaFormats.Fault(format.GetString()!, value.GetString()!) is { } fault)
        {
            Add(pointer, "format", fault);
        }
    }

    private static bool MatchesPattern(string text, string pattern)
    {
        try
        {
            return Patterns.Matches(text, pattern, ignoreCase: false);
        }
        catch (ExpressionException)
        {
            // A pattern that cannot be used is the schema's fault and is named where the schema is looked at; nobody's value can mend it.
            return true;
        }
    }

    private void CheckCount(JsonElement schema, int count, ReadOnlySpan<byte> min, ReadOnlySpan<byte> max, string pointer, string unit)
    {
        if (TryBound(schema, min, out var least) && count < least)
        {
            Add(pointer, "too_short", $"needs at least {least} {unit}");
        }

        if (TryBound(schema, max, out var greatest) && count > greatest)
        {
            Add(pointer, "too_long", $"has {count} {unit}, at most {greatest} are allowed");
        }
    }

    private void CheckNumber(JsonElement schema, double value, string pointer)
    {
        if (TryBound(schema, "minimum"u8, out var least) && value < least)
        {
            Add(pointer, "minimum", FormattableString.Invariant($"must be at least {least}"));
        }

        if (TryBound(schema, "maximum"u8, out var greatest) && value > greatest)
        {
            Add(pointer, "maximum", FormattableString.Invariant($"must be at most {greatest}"));
        }

        if (TryBound(schema, "exclusiveMinimum"u8, out var above) && value <= above)
        {
            Add(pointer, "minimum", FormattableString.Invariant($"must be more than {above}"));
        }

        if (TryBound(schema, "exclusiveMaximum"u8, out var below) && value >= below)
        {
            Add(pointer, "maximum", FormattableString.Invariant($"must be less than {below}"));
        }

        if (TryBound(schema, "multipleOf"u8, out var step) && step > 0 && Math.Abs(Math.IEEERemainder(value, step)) > step * 1e-9)
        {
            Add(pointer, "multiple_of", FormattableString.Invariant($"must be a multiple of {step}"));
        }
    }

    private static JsonElement.ArrayEnumerator List(JsonElement schema, ReadOnlySpan<byte> keyword) =>
        schema.TryGetProperty(keyword, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;

    private static bool TryBound(JsonElement schema, ReadOnlySpan<byte> keyword, out double bound)
    {
        bound = 0;
        return schema.TryGetProperty(keyword, out var element) && element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out bound);
    }

    private static string Join(string pointer, string name) => $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    private void Add(string pointer, string code, string phrase)
    {
        if (Faults.Count < most)
        {
            Faults.Add(new SchemaFault(pointer, code, phrase));
        }
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentLab.Core.Models.Rehearsal;

/// <summary>Fills any JSON Schema from a text: required parameters always, optional ones where the text names them.</summary>
internal static partial class SchemaFiller
{
    private const int Deepest = 6;
    private const int LongestText = 400;

    /// <summary>The arguments of a tool call.</summary>
    public static Dictionary<string, object?> Arguments(JsonElement schema, string text) =>
        Object(schema, new Source(text), 0).ToDictionary(p => p.Key, p => p.Value is null ? null : (object?)JsonSerializer.SerializeToElement(p.Value), StringComparer.Ordinal);

    /// <summary>A whole document for structured output; it says in its first free text that it is a rehearsal.</summary>
    public static string Document(JsonElement? schema, string text)
    {
        var source = new Source(text) { Prefix = "Rehearsal model, not a language model: " };
        var value = schema is { ValueKind: JsonValueKind.Object } known
            ? Value("answer", known, source, 0)
            : new JsonObject { ["answer"] = source.FreeText("answer") };
        return value?.ToJsonString() ?? "null";
    }

    private static JsonObject Object(JsonElement schema, Source source, int depth)
    {
        var result = new JsonObject();
        if (depth > Deepest || !schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
        {
            return result;
        }

        var required = schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
            ? names.EnumerateArray().Select(n => n.GetString()).ToHashSet(StringComparer.Ordinal)
            : [];
        foreach (var property in properties.EnumerateObject())
        {
            if (required.Contains(property.Name))
            {
                result[property.Name] = Value(property.Name, property.Value, source, depth + 1);
            }
            else if (Named(property.Name, property.Value, source) is { } given)
            {
                result[property.Name] = given;
            }
        }

        return result;
    }

    /// <summary>The value of an optional parameter that the text spells out: an enum's word, or "limit 5"; null when it does not.</summary>
    private static JsonValue? Named(string name, JsonElement schema, Source source)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (Choices(schema).FirstOrDefault(c => c.ValueKind == JsonValueKind.String && source.Has(c.GetString()!)) is { ValueKind: JsonValueKind.String } choice)
        {
            return JsonValue.Create(choice.GetString());
        }

        var words = string.Join(@"\s+", RehearsalText.IdentifierStems(name).Select(Regex.Escape));
        return Type(schema) is "integer" or "number"
            && Regex.Match(source.Text, $@"\b{words}s?\b\D{{0,12}}?(\d+(?:\.\d+)?)", RegexOptions.IgnoreCase) is { Success: true } match
                ? Number(decimal.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), schema)
                : null;
    }

    private static JsonNode? Value(string name, JsonElement schema, Source source, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return JsonValue.Create(source.FreeText(name));
        }

        if (schema.TryGetProperty("const", out var constant))
        {
            return JsonNode.Parse(constant.GetRawText());
        }

        if (Choices(schema) is { Count: > 0 } choices)
        {
            var chosen = choices.FirstOrDefault(c => c.ValueKind == JsonValueKind.String && source.Has(c.GetString()!));
            return JsonNode.Parse((chosen.ValueKind == JsonValueKind.String ? chosen : choices[0]).GetRawText());
        }

        foreach (var variants in (ReadOnlySpan<string>)["anyOf", "oneOf", "allOf"])
        {
            if (!schema.TryGetProperty("type", out _) && schema.TryGetProperty(variants, out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0)
            {
                return depth > Deepest ? null : Value(name, list[0], source, depth + 1);
            }
        }

        return Type(schema) switch
        {
            "integer" or "number" => Number(source.NextNumber() ?? Default(schema) ?? 1, schema),
            "boolean" => JsonValue.Create(schema.TryGetProperty("default", out var d) ? d.ValueKind == JsonValueKind.True : source.Has(name)),
            "array" => Items(name, schema, source, depth),
            "object" => Object(schema, source, depth),
            "null" => null,
            _ => JsonValue.Create(Text(name, schema, source)),
        };
    }

    private static JsonArray Items(string name, JsonElement schema, Source source, int depth)
    {
        var count = Math.Max(1, Limit(schema, "minItems") ?? 1);
        var items = schema.TryGetProperty("items", out var item) ? item : default;
        return depth > Deepest ? [] : [.. Enumerable.Range(0, (int)Math.Min(count, 20)).Select(_ => Value(name, items, source, depth + 1))];
    }

    private static JsonValue Number(decimal value, JsonElement schema)
    {
        value = Limit(schema, "minimum") is { } least ? Math.Max(value, least) : value;
        value = Limit(schema, "maximum") is { } most ? Math.Min(value, most) : value;
        return Type(schema) == "integer" ? JsonValue.Create((long)Math.Clamp(decimal.Truncate(value), long.MinValue, long.MaxValue)) : JsonValue.Create(value);
    }

    private static string Text(string name, JsonElement schema, Source source)
    {
        var format = schema.TryGetProperty("format", out var f) && f.ValueKind == JsonValueKind.String ? f.GetString() : null;
        var known = format switch
        {
            "uri" or "url" => PagePlanner.Addresses(source.Text).FirstOrDefault(),
            "email" => Email().Match(source.Text) is { Success: true } mail ? mail.Value : null,
            "date" or "date-time" => IsoDate().Match(source.Text) is { Success: true } date ? date.Value : null,
            _ => null,
        };
        var text = known ?? ByName(name, source) ?? (schema.TryGetProperty("default", out var d) && d.ValueKind == JsonValueKind.String ? d.GetString()! : source.FreeText(name));
        return Limit(schema, "maxLength") is { } most && text.Length > most ? text[..(int)most] : text;
    }

    private static string? ByName(string name, Source source) => string.Join(' ', RehearsalText.IdentifierStems(name)) switch
    {
        "url" or "uri" or "link" or "address" when PagePlanner.Addresses(source.Text).FirstOrDefault() is { } url => url,
        "email" or "mail" or "to" when Email().Match(source.Text) is { Success: true } mail => mail.Value,
        "city" or "location" or "place" or "country" or "region" => Place().Match(source.Text) is { Success: true } place ? place.Groups[1].Value : null,
        "expression" or "formula" => ArithmeticPlanner.Expressions(source.Text).FirstOrDefault(),
        "date" or "day" => IsoDate().Match(source.Text) is { Success: true } date ? date.Value : null,
        "id" or "key" or "code" or "number" => Identifier().Match(source.Text) is { Success: true } id ? id.Value : null,
        _ => null,
    };

    private static List<JsonElement> Choices(JsonElement schema) =>
        schema.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array ? [.. choices.EnumerateArray()] : [];

    /// <summary>The type; of several (["string","null"]) the first that is not null.</summary>
    private static string? Type(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
        {
            return schema.TryGetProperty("properties", out _) ? "object" : null;
        }

        return type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Select(t => t.GetString()).FirstOrDefault(t => t != "null")
            : type.GetString();
    }

    private static decimal? Default(JsonElement schema) => Limit(schema, "default") ?? Limit(schema, "minimum");

    private static decimal? Limit(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var limit) && limit.ValueKind == JsonValueKind.Number && limit.TryGetDecimal(out var value) ? value : null;

    [GeneratedRegex(@"[\w.+-]+@[\w-]+(\.[\w-]+)+")]
    private static partial Regex Email();

    [GeneratedRegex(@"\b\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z?)?\b")]
    private static partial Regex IsoDate();

    [GeneratedRegex(@"\b(?:in|at|for|near|from)\s+(\p{Lu}[\p{L}'-]*(?:\s+\p{Lu}[\p{L}'-]*)*)")]
    private static partial Regex Place();

    [GeneratedRegex(@"\b(?:[A-Za-z]+-?\d[\w-]*|\d{3,})\b")]
    private static partial Regex Identifier();

    [GeneratedRegex("""[“"'‘]([^”"'’]{1,200})[”"'’](?!\p{L})""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?<![\w.])-?\d+(?:\.\d+)?(?![\w])")]
    private static partial Regex Numbers();

    /// <summary>The text, and what of it has been used up.</summary>
    private sealed class Source(string text)
    {
        private readonly Queue<decimal> _numbers = new(Numbers().Matches(text)
            .Select(m => decimal.TryParse(m.Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var n) ? n : (decimal?)null)
            .OfType<decimal>());

        private readonly Queue<string> _quoted = new(Quoted().Matches(text).Select(m => m.Groups[1].Value));

        public string Text => text;

        /// <summary>Comes before the first free text, once.</summary>
        public string Prefix { get; set; } = "";

        public decimal? NextNumber() => _numbers.TryDequeue(out var number) ? number : null;

        public bool Has(string word) =>
            word.Length > 0 && Regex.IsMatch(text, $@"(?<![\p{{L}}\p{{N}}]){Regex.Escape(word.Replace('_', ' '))}s?(?![\p{{L}}\p{{N}}])", RegexOptions.IgnoreCase);

        public string FreeText(string name)
        {
            var prefix = Prefix;
            Prefix = "";
            var value = _quoted.TryDequeue(out var quoted) ? quoted
                : Regex.Match(text, $@"\b{Regex.Escape(name)}\s*(?::|=|is)\s*([^\n,;.]+)", RegexOptions.IgnoreCase) is { Success: true } named ? named.Groups[1].Value.Trim()
                : text.Length > 0 ? RehearsalText.Shorten(text, LongestText)
                : name;
            return prefix + value;
        }
    }
}

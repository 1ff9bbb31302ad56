using System.Text.Json;

namespace AgentLab.Core.Schema;

/// <summary>A place where a value does not fit its schema.</summary>
/// <param name="Field">JSON pointer (RFC 6901) of the place; empty for the value as a whole.</param>
/// <param name="Code">
/// Stable: <c>required</c>, <c>type</c>, <c>choice</c>, <c>form</c>, <c>range</c>, <c>multiple</c>, <c>length</c>, <c>unique</c>, <c>pattern</c>, <c>format</c>, <c>unknown</c> or
/// <c>unreadable</c>.
/// </param>
/// <param name="Message">A phrase that follows the place's name: "must be at least 1".</param>
public sealed record SchemaFault(string Field, string Code, string Message)
{
    /// <summary>What people call the place, where the schema says so.</summary>
    public string? Title { get; init; }

    /// <summary>A sentence for people who fill in a form: <c>"Order total" must be at least 1.</c></summary>
    public string Sentence => $"{(Title is { Length: > 0 } title ? $"\"{Short(title)}\"" : Field.Length == 0 ? "The value" : $"\"{Short(Field[1..].Replace('/', '.'))}\"")} {Message}.";

    /// <summary>The place as people read it: <c>rows[1].column</c>; "the value" for the whole.</summary>
    public string Place
    {
        get
        {
            if (Field.Length == 0)
            {
                return "the value";
            }

            var place = new System.Text.StringBuilder();
            foreach (var segment in Field[1..].Split('/'))
            {
                var name = segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
                _ = name.Length > 0 && name.All(char.IsAsciiDigit) ? place.Append('[').Append(name).Append(']')
                    : place.Length == 0 ? place.Append(name)
                    : place.Append('.').Append(name);
            }

            return place.ToString();
        }
    }

    /// <summary>Place and phrase: <c>limit must be at least 1</c>.</summary>
    public override string ToString() => $"{Place} {Message}";

    private static string Short(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "…");
}

/// <summary>
/// The part of JSON Schema (draft 2020-12) that AgentLab speaks, for settings, run inputs, forms, structured answers and tools: <c>type</c>, <c>properties</c>, <c>required</c>,
/// <c>additionalProperties</c>, <c>items</c>, <c>enum</c>, <c>const</c>, bounds of numbers, lengths and counts, <c>uniqueItems</c>, <c>pattern</c>, <c>format</c> (date, date-time,
/// time, email, uri, uuid), <c>oneOf</c> and <c>anyOf</c>. Other keywords are let pass when a value is checked; <see cref="Unsupported"/> names them.
/// </summary>
public static class JsonSchema
{
    /// <summary>The faults of a value, in document order, at most so many; empty when it fits.</summary>
    /// <param name="schema">The schema; anything but an object lets everything pass.</param>
    /// <param name="value">The value.</param>
    /// <param name="most">How many faults are looked for. Default: 20.</param>
    public static IReadOnlyList<SchemaFault> Check(JsonElement schema, JsonElement value, int most = 20)
    {
        try
        {
            return CompiledSchema.Read(schema).Check(value, SchemaUse.Value, most);
        }
        catch (InvalidOperationException)
        {
            // A text of half a surrogate pair: JSON can hold one, and no text can.
            return [new SchemaFault(string.Empty, "unreadable", "holds a broken character")];
        }
    }

    /// <summary>What in a schema is not of the part that AgentLab speaks, with pointers into the schema; empty when all of it is.</summary>
    public static IReadOnlyList<SchemaFault> Unsupported(JsonElement schema) => SchemaSubset.Faults(schema);
}

using System.Globalization;
using System.Text.Json;
using AgentLab.Web.Shared;

namespace AgentLab.Web.Features.Workflows.Runs;

/// <summary>One field or item of a value as it is shown.</summary>
/// <param name="Name">The property's name or the item's number.</param>
/// <param name="Value">What it holds.</param>
/// <param name="Mark"><c>new</c> or <c>changed</c> beside what came in; null for neither.</param>
internal sealed record ValueRow(string Name, JsonElement Value, string? Mark)
{
    private const int MostCharacters = 400;

    public bool Changed => Mark is not null;

    /// <summary>There is something inside it.</summary>
    public bool HasMore => Value.ValueKind switch
    {
        JsonValueKind.Object => Value.EnumerateObject().Any(),
        JsonValueKind.Array => Value.GetArrayLength() > 0,
        _ => false,
    };

    /// <summary>It in a few words.</summary>
    public string Sample => Value.ValueKind switch
    {
        JsonValueKind.Object when !HasMore => "no fields",
        JsonValueKind.Array when !HasMore => "no items",
        JsonValueKind.Object => Show.Count(Value.EnumerateObject().Count(), "field"),
        JsonValueKind.Array => Show.Count(Value.GetArrayLength(), "item"),
        JsonValueKind.String => Value.GetString() is { Length: > MostCharacters } text ? text[..MostCharacters] + " …" : Value.GetString()!,
        JsonValueKind.Null => "null",
        _ => Value.GetRawText(),
    };
}

/// <summary>Orders the fields of a value for people: what is new or changed beside what came in stands first.</summary>
internal static class ValueRows
{
    /// <summary>The rows of an object or a list; none of anything else.</summary>
    public static IReadOnlyList<ValueRow> Of(JsonElement value, JsonElement? before)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            return [.. value.EnumerateArray().Select((item, index) => new ValueRow(index.ToString(CultureInfo.InvariantCulture), item, null))];
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        // Beside a value of another shape everything would be new, which says nothing.
        var known = before is { ValueKind: JsonValueKind.Object } other ? other : (JsonElement?)null;
        return [.. value.EnumerateObject().Select(field => new ValueRow(field.Name, field.Value, MarkOf(field, known))).OrderBy(row => row.Changed ? 0 : 1)];
    }

    private static string? MarkOf(JsonProperty field, JsonElement? before) =>
        before is not { } known ? null
        : !known.TryGetProperty(field.Name, out var old) ? "new"
        : JsonElement.DeepEquals(old, field.Value) ? null : "changed";
}

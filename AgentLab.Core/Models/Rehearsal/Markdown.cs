using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentLab.Core.Models.Rehearsal;

/// <summary>JSON as Markdown that a person reads.</summary>
internal static class Markdown
{
    private const int MostRows = 50;
    private const int LongestCell = 200;
    private const int LongestText = 2_000;

    /// <summary>The rows in a result, whatever its outer form: an array of objects, one in a property, or columns with arrays of values.</summary>
    public static IEnumerable<JsonElement> Rows(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            return json.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Object) ? json.EnumerateArray() : [];
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        if (json.TryGetProperty("rows", out var rows) && rows.ValueKind == JsonValueKind.Array && json.TryGetProperty("columns", out var columns) && columns.ValueKind == JsonValueKind.Array)
        {
            var names = columns.EnumerateArray().Select(ColumnName).ToList();
            return rows.EnumerateArray().Select(r => r.ValueKind == JsonValueKind.Array ? Zip(names, r) : r);
        }

        return json.EnumerateObject().Select(p => p.Value).Where(v => v.ValueKind == JsonValueKind.Array && v.GetArrayLength() > 0 && v[0].ValueKind == JsonValueKind.Object)
            .SelectMany(v => v.EnumerateArray());
    }

    public static string Table(IReadOnlyList<JsonElement> rows)
    {
        var columns = rows.SelectMany(r => r.EnumerateObject().Select(p => p.Name)).Distinct().ToList();
        var numeric = columns.Select(c => rows.All(r => !r.TryGetProperty(c, out var v) || v.ValueKind is JsonValueKind.Number or JsonValueKind.Null)).ToList();
        var decimals = columns.Select((c, i) => numeric[i] && rows.Any(r => r.TryGetProperty(c, out var v) && v.TryGetDecimalOrNull() is { } n && n != decimal.Truncate(n))).ToList();
        var text = new StringBuilder("| ").AppendJoin(" | ", columns.Select(c => Escape(Title(c)))).Append(" |\n|")
            .AppendJoin('|', numeric.Select(n => n ? "---:" : "---")).Append("|\n");
        foreach (var row in rows.Take(MostRows))
        {
            text.Append("| ").AppendJoin(" | ", columns.Select((c, i) => row.TryGetProperty(c, out var v) ? Cell(v, decimals[i]) : "")).Append(" |\n");
        }

        return text.ToString();
    }

    public static string Any(JsonElement json)
    {
        if (Rows(json).ToList() is { Count: > 0 } rows)
        {
            return Table(rows);
        }

        return json.ValueKind switch
        {
            JsonValueKind.Object => string.Join('\n', json.EnumerateObject().Select(p => $"- **{Escape(Title(p.Name))}**: {Cell(p.Value)}")),
            JsonValueKind.Array => string.Join('\n', json.EnumerateArray().Take(MostRows).Select(v => $"- {Cell(v)}")),
            JsonValueKind.Null or JsonValueKind.Undefined => "nothing.",
            JsonValueKind.String => "> " + RehearsalText.Shorten(json.GetString()!, LongestText),
            _ => $"**{Cell(json)}**",
        };
    }

    /// <summary>A value as words: numbers with separators, whole ones without decimals unless their column has some.</summary>
    public static string Cell(JsonElement value, bool decimals = false) => value.ValueKind switch
    {
        JsonValueKind.Number => Number(value, decimals),
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.String => Escape(RehearsalText.Shorten(value.GetString()!, LongestCell)),
        _ => Escape(RehearsalText.Shorten(value.GetRawText(), LongestCell)),
    };

    public static string Title(string name)
    {
        var words = name.Replace('_', ' ').Trim();
        return words.Length == 0 ? name : char.ToUpperInvariant(words[0]) + words[1..];
    }

    public static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal).Replace('\n', ' ').Replace('\r', ' ');

    private static string Number(JsonElement value, bool decimals) => value.TryGetDecimalOrNull() is { } number
        ? number.ToString(decimals || number != decimal.Truncate(number) ? "N2" : "N0", CultureInfo.InvariantCulture)
        : value.GetRawText();

    private static decimal? TryGetDecimalOrNull(this JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : null;

    private static string ColumnName(JsonElement column) => column.ValueKind switch
    {
        JsonValueKind.Object when column.TryGetProperty("name", out var name) => name.ToString(),
        _ => column.ToString(),
    };

    private static JsonElement Zip(List<string> names, JsonElement values) =>
        JsonSerializer.SerializeToElement(values.EnumerateArray().Select((v, i) => (Name: i < names.Count ? names[i] : $"column {i + 1}", Value: v))
            .DistinctBy(c => c.Name).ToDictionary(c => c.Name, c => c.Value));
}

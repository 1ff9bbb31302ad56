using System.Text;
using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Results;

/// <summary>Lists of objects as tables: CSV and Markdown. The columns are the members in the order in which they first appear.</summary>
internal static class TableText
{
    /// <summary>CSV with a header line; a text is taken as CSV already.</summary>
    /// <exception cref="ExpressionException">The value is neither a list of objects nor a text.</exception>
    public static string Csv(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString()!;
        }

        var columns = Columns(value) ?? throw new ExpressionException("table_type", "A table is made of a list of objects, or a text that is CSV. Map the items to objects first.");
        var text = new StringBuilder();
        Line(text, columns);
        foreach (var row in value.EnumerateArray())
        {
            Line(text, columns.Select(column => Cell(row, column)));
        }

        return text.ToString();
    }

    /// <summary>A Markdown table; null when the value is no list of objects.</summary>
    public static string? Markdown(JsonElement value)
    {
        if (Columns(value) is not { Count: > 0 } columns)
        {
            return null;
        }

        var text = new StringBuilder();
        Row(text, columns);
        Row(text, columns.Select(_ => "---"));
        foreach (var row in value.EnumerateArray())
        {
            Row(text, columns.Select(column => Cell(row, column).Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ")));
        }

        return text.ToString();
    }

    private static List<string>? Columns(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(row => row.ValueKind != JsonValueKind.Object))
        {
            return null;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. value.EnumerateArray().SelectMany(row => row.EnumerateObject().Select(m => m.Name)).Where(seen.Add)];
    }

    private static string Cell(JsonElement row, string column) => row.TryGetProperty(column, out var cell) ? ExpressionValue.Of(cell).ToString() : string.Empty;

    private static void Line(StringBuilder text, IEnumerable<string> cells) =>
        text.AppendJoin(',', cells.Select(cell => cell.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell)).Append('\n');

    private static void Row(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}

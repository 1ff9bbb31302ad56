using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentLab.Core.Models.Rehearsal;

/// <summary>Says what a table query found: a figure in a sentence, or the leading group and a table.</summary>
internal static partial class TableAnswer
{
    public static string Write(RehearsalTurn turn, RehearsalResult result)
    {
        var rows = Markdown.Rows(result.Result).Where(r => r.ValueKind == JsonValueKind.Object).ToList();
        var query = JsonSerializer.SerializeToElement(result.Arguments);
        var where = Where(query);
        if (rows.Count == 0)
        {
            return $"No row of **{Name(query)}** fits{where}.";
        }

        var groups = Strings(query, "groupBy");
        if (groups.Count == 0 && Aggregates(query) > 0)
        {
            return Figures(rows[0], query, where);
        }

        var text = new StringBuilder();
        if (groups.Count > 0)
        {
            text.Append(HowMany(turn, result, groups, rows.Count));
            rows = WithShare(turn, rows, groups);
            text.Append(Leader(rows, groups, query, where));
        }
        else
        {
            var total = Total(result, rows.Count);
            text.Append(CultureInfo.InvariantCulture, $"{Found(total)} of **{Name(query)}**{where}{(total > rows.Count ? $"; the first {rows.Count}" : "")}:");
        }

        text.Append("\n\n").Append(Markdown.Table(rows));
        if (rows.Count > 1 && Chart().IsMatch(turn.Question))
        {
            text.Append("\nThis model draws no charts; the table holds the figures.\n");
        }

        return text.ToString();
    }

    private static string Figures(JsonElement row, JsonElement query, string where)
    {
        var figures = row.EnumerateObject().ToList();
        if (figures.Count == 1 && query.GetProperty("select")[0].GetProperty("aggregate").ValueEquals("count"))
        {
            return $"Number of {figures[0].Name}{where}: **{Markdown.Cell(figures[0].Value)}**.";
        }

        return figures.Count == 1
            ? $"{Markdown.Title(figures[0].Name)} in **{Name(query)}**{where}: **{Markdown.Cell(figures[0].Value)}**."
            : $"In **{Name(query)}**{where}:\n\n" + string.Join('\n', figures.Select(f => $"- {Markdown.Title(f.Name)}: **{Markdown.Cell(f.Value)}**"));
    }

    private static string Leader(List<JsonElement> rows, List<string> groups, JsonElement query, string where)
    {
        var first = rows[0];
        var name = string.Join(", ", groups.Select(g => first.TryGetProperty(g, out var v) ? Markdown.Cell(v) : ""));
        var figure = first.EnumerateObject().FirstOrDefault(p => !groups.Contains(p.Name));
        var by = string.Join(" and ", groups.Select(g => g.Replace('_', ' ')));
        if (figure.Value.ValueKind != JsonValueKind.Number)
        {
            return $"By {by}{where}:";
        }

        var end = query.TryGetProperty("orderBy", out var order) && order.ValueKind == JsonValueKind.Array && order.GetArrayLength() > 0
            && order[0].TryGetProperty("column", out var column) && column.ToString() == figure.Name
            && order[0].TryGetProperty("descending", out var descending)
                ? descending.ValueKind == JsonValueKind.True ? "Highest" : "Lowest"
                : null;
        var title = Markdown.Title(figure.Name).ToLowerInvariant();
        return rows.Count > 1 && end is not null
            ? $"{end}: **{name}**, {title} **{Markdown.Cell(figure.Value)}**. By {by}{where}:"
            : $"{Markdown.Title(figure.Name)} by {by}{where}:";
    }

    /// <summary>"How many customers are there?" asks for the number of groups.</summary>
    private static string HowMany(RehearsalTurn turn, RehearsalResult result, List<string> groups, int rows) =>
        groups.Count == 1 && Regex.IsMatch(turn.Question, $@"\b(how many|number of)\s+(\w+\s+)?{Regex.Escape(groups[0].Replace('_', ' '))[..^1]}", RegexOptions.IgnoreCase)
            ? $"There are **{Total(result, rows)}** different values of {groups[0].Replace('_', ' ')}. "
            : "";

    private static int Total(RehearsalResult result, int otherwise) =>
        result.Result.ValueKind == JsonValueKind.Object && result.Result.TryGetProperty("totalRows", out var total) && total.TryGetInt32(out var rows) ? rows : otherwise;

    /// <summary>Adds each group's share when the question asks for one.</summary>
    private static List<JsonElement> WithShare(RehearsalTurn turn, List<JsonElement> rows, List<string> groups)
    {
        if (!Share().IsMatch(turn.Question))
        {
            return rows;
        }

        var figure = rows[0].EnumerateObject().FirstOrDefault(p => !groups.Contains(p.Name) && p.Value.ValueKind == JsonValueKind.Number).Name;
        var total = figure is null ? 0 : rows.Sum(r => r.TryGetProperty(figure, out var v) && v.TryGetDecimal(out var n) ? n : 0);
        return total == 0
            ? rows
            : [.. rows.Select(r => JsonSerializer.SerializeToElement(r.EnumerateObject().Select(p => (p.Name, p.Value))
                .Append(("share", JsonSerializer.SerializeToElement((r.GetProperty(figure!).GetDecimal() / total).ToString("P1", CultureInfo.InvariantCulture))))
                .ToDictionary(p => p.Item1, p => p.Item2)))];
    }

    private static string Where(JsonElement query)
    {
        if (!query.TryGetProperty("where", out var where) || where.ValueKind != JsonValueKind.Array || where.GetArrayLength() == 0)
        {
            return "";
        }

        return " where " + string.Join(" and ", where.EnumerateArray().Select(f =>
            $"{Property(f, "column").Replace('_', ' ')} {Words(Property(f, "operator"))} {Markdown.Escape(Value(f))}"));
    }

    private static string Words(string @operator) => @operator switch
    {
        "eq" => "is",
        "ne" => "is not",
        "lt" => "is below",
        "le" => "is at most",
        "gt" => "is above",
        "ge" => "is at least",
        "in" => "is one of",
        _ => @operator,
    };

    private static string Value(JsonElement filter) =>
        filter.TryGetProperty("value", out var value)
            ? value.ValueKind == JsonValueKind.Array ? string.Join(", ", value.EnumerateArray().Select(v => v.ToString())) : value.ToString()
            : "";

    private static string Name(JsonElement query) => Markdown.Escape(Property(query, "table"));

    private static string Property(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static int Aggregates(JsonElement query) =>
        query.TryGetProperty("select", out var select) && select.ValueKind == JsonValueKind.Array
            ? select.EnumerateArray().Count(s => Property(s, "aggregate") is { Length: > 0 } aggregate && aggregate != "none")
            : 0;

    private static List<string> Strings(JsonElement query, string name) =>
        query.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(v => v.ToString())] : [];

    private static string Found(int rows) => rows == 1 ? "1 row" : $"{rows} rows";

    [GeneratedRegex(@"\b(chart|graph|plot|diagram)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Chart();

    [GeneratedRegex(@"\b(share|percent|percentage|proportion|fraction|rate)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Share();
}

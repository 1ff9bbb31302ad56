using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentLab.Core.Models.Rehearsal;

/// <summary>Turns one question into queries of one table: what to work out, by what to group, which rows, in which order.</summary>
/// <param name="text">The question.</param>
/// <param name="context">The question before it, when this one leans on it; else empty.</param>
/// <param name="table">The table to query.</param>
internal sealed partial class TableQuestion(string text, string context, TableShape table)
{
    private const int RowsListed = 10;
    private const int GroupsOfSuperlative = 5;
    private const int MostRows = 100;

    private static readonly (Regex Words, string[] Columns)[] Synonyms =
    [
        (Money(), ["revenue", "total", "amount", "sales", "value", "price"]),
        (Pieces(), ["quantity", "qty", "units", "pieces"]),
        (Price(), ["unit_price", "price", "cost"]),
        (Days(), ["delivery_days", "days", "duration"]),
    ];

    private static readonly Dictionary<string, string> OtherWords = new(StringComparer.Ordinal)
    {
        ["client"] = "customer", ["buyer"] = "customer", ["who"] = "customer", ["area"] = "region", ["territory"] = "region", ["item"] = "product",
        ["article"] = "product", ["kind"] = "category", ["state"] = "status",
    };

    private static readonly string[] Superlatives = ["most", "highest", "largest", "biggest", "best", "top", "greatest", "least", "lowest", "fewest", "smallest", "worst", "cheapest", "fastest", "slowest", "leading"];
    private static readonly string[] Ascending = ["least", "lowest", "fewest", "smallest", "worst", "cheapest", "fastest", "oldest", "earliest", "bottom"];
    private static readonly string[] GroupMarkers = ["many", "by", "per", "each", "every", "across", "which", "what", "different", "distinct", "unique"];

    private readonly List<string> _stems = [.. RehearsalText.Stems(text).Select(w => OtherWords.GetValueOrDefault(w, w))];
    private readonly TableFilters _filters = new(text, context, table);

    private bool IsCount => Count().IsMatch(text) && !Pieces().IsMatch(text);

    private bool IsAverage => Average().IsMatch(text) || (context.Length > 0 && !Total().IsMatch(text) && Average().IsMatch(context));

    private bool IsSuperlative => _stems.Any(Superlatives.Contains);

    private string Direction => _stems.Any(Ascending.Contains) ? "asc" : "desc";

    /// <summary>One query, or two for "how is it going" questions that name nothing.</summary>
    public IEnumerable<PlannedCall> Plan()
    {
        var groups = Groups();
        if (groups.Count == 0 && context.Length > 0 && !IsCount && (IsAverage || Total().IsMatch(text) || Measure(text) is not null))
        {
            groups = new TableQuestion(context, "", table).Groups();
        }

        if (Share().IsMatch(text) && groups.Count == 0 && _filters.FirstTextColumn is { } part)
        {
            return [Grouped([part], CountRows(), _filters.Without(part))];
        }

        var measure = Measure(text) ?? (context.Length > 0 ? Measure(context) : null);
        if (groups.Count > 0)
        {
            return [Grouped(groups, Aggregates(measure, grouped: true), _filters.All)];
        }

        if (IsListing(measure))
        {
            return [Listed(measure)];
        }

        return IsCount || IsAverage || measure is not null
            ? [Call(Aggregates(measure, grouped: false), _filters.All)]
            : _filters.All.Count > 0 ? [Listed(null)] : Overview();
    }

    private List<TableColumn> Groups()
    {
        var found = new List<(int At, TableColumn Column)>();
        foreach (var column in table.Columns.Where(c => c.IsText || c.IsDate))
        {
            var at = Position(column);
            if (at >= 0 && !_filters.Names(column) && (IsMarked(at) || (IsSuperlative && column.IsText)))
            {
                found.Add((at, column));
            }
        }

        // "by region and category": what follows a grouped one with "and" is grouped too.
        foreach (var column in table.Columns.Where(c => c.IsText && found.All(f => f.Column != c)))
        {
            var at = Position(column);
            if (at > 1 && _stems[at - 1] == "and" && found.Any(f => f.At == at - 2))
            {
                found.Add((at, column));
            }
        }

        return [.. found.OrderBy(f => f.At).Select(f => f.Column).Take(2)];
    }

    private int Position(TableColumn column)
    {
        var words = column.Stems;
        for (var i = 0; i + words.Count <= _stems.Count; i++)
        {
            if (_stems.Skip(i).Take(words.Count).SequenceEqual(words))
            {
                return i;
            }
        }

        return -1;
    }

    private bool IsMarked(int at) =>
        (at > 0 && _stems[at] == "customer" && RehearsalText.Stems(text)[at] == "who")
        || (at == 0 && RehearsalText.Stems(text)[0] == "who")
        || _stems.Skip(Math.Max(0, at - 2)).Take(Math.Min(2, at)).Any(GroupMarkers.Contains);

    /// <summary>The number that is asked for, with the word that names it.</summary>
    private Measured? Measure(string words)
    {
        var stems = RehearsalText.Stems(words);
        var numbers = table.Columns.Where(c => c.IsNumber).ToList();

        // "total quantity" asks for the quantity, although a column is called total.
        var direct = numbers.Where(c => c.Stems.All(stems.Contains)).OrderBy(c => c.Stems.Contains("total")).ThenByDescending(c => c.Stems.Count).FirstOrDefault();
        if (direct is not null && !(direct.Stems.Contains("total") && Synonyms.Any(s => s.Words.IsMatch(words))))
        {
            return new Measured(direct, direct.Name);
        }

        foreach (var (pattern, columns) in Synonyms)
        {
            if (pattern.Match(words) is { Success: true } match && columns.Select(n => numbers.Find(c => c.Name.Contains(n, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(c => c is not null) is { } column)
            {
                return new Measured(column, match.Value.ToLowerInvariant());
            }
        }

        return direct is null ? null : new Measured(direct, direct.Name);
    }

    private List<object> Aggregates(Measured? measure, bool grouped)
    {
        if (IsCount || (measure is null && !IsAverage))
        {
            return Ranking(grouped);
        }

        var column = measure?.Column ?? DefaultMeasure();
        if (column is null)
        {
            return CountRows();
        }

        var aggregate = IsAverage ? "avg" : column.Stems.Contains("price") || column.Stems.Contains("day") || column.Stems.Contains("days") ? "avg" : "sum";
        if (!grouped && !IsAverage && IsSuperlative)
        {
            aggregate = Direction == "asc" ? "min" : "max";
        }

        return [Select(column.Name, aggregate, Alias(aggregate, measure?.Word ?? column.Name))];
    }

    /// <summary>What "top" and "most" rank by when no figure is named: how often when the question is of orders, else how much.</summary>
    private List<object> Ranking(bool grouped)
    {
        if (!grouped || !IsSuperlative || IsCount || DefaultMeasure() is not { } money)
        {
            return CountRows();
        }

        List<object> sum = [Select(money.Name, "sum", $"sum_of_{money.Name}")];
        return Often().IsMatch(text) ? [.. CountRows(), .. sum] : [.. sum, .. CountRows()];
    }

    private string Alias(string aggregate, string word)
    {
        var name = NotWord().Replace(word.Trim().ToLowerInvariant(), "_");
        var prefix = aggregate switch { "avg" => "average_", "min" => "lowest_", "max" => "highest_", _ => "total_" };
        return name.StartsWith(prefix, StringComparison.Ordinal) ? name : table.Columns.Any(c => c.Name == name) || prefix != "total_" ? prefix + name : name;
    }

    private List<object> CountRows()
    {
        var name = table.Columns.Any(c => c.Name == table.Name) ? "rows" : table.Name;
        return [Select("*", "count", name)];
    }

    private TableColumn? DefaultMeasure()
    {
        var numbers = table.Columns.Where(c => c.IsNumber).ToList();
        return numbers.Find(c => ((ReadOnlySpan<string>)["total", "amount", "revenue", "value"]).IndexOfAny(c.Name) >= 0) ?? numbers.FirstOrDefault();
    }

    private bool IsListing(Measured? measure)
    {
        if (IsCount || IsAverage || Total().IsMatch(text))
        {
            return false;
        }

        var rows = RehearsalText.IdentifierStems(table.Name);
        var namesRows = _stems.Contains("row") || rows.All(_stems.Contains);
        return namesRows && (List().IsMatch(text) || Recent().IsMatch(text) || (IsSuperlative && measure is null) || (IsSuperlative && RowSuperlative().IsMatch(text)));
    }

    private PlannedCall Listed(Measured? measure)
    {
        var date = table.Columns.FirstOrDefault(c => c.IsDate);
        var byDate = Recent().IsMatch(text) || !IsSuperlative;
        var order = byDate ? date : measure?.Column ?? DefaultMeasure();
        var direction = byDate && !_stems.Any(Ascending.Contains) ? "desc" : Direction;
        var columns = table.Columns.Where(c => c.Stems is not ["unit", "price"] and not ["category"]).Take(8).Select(c => (object)new Dictionary<string, object?> { ["column"] = c.Name }).ToList();
        var arguments = Arguments(columns, _filters.All);
        if (order is not null)
        {
            arguments["orderBy"] = OrderBy(order.Name, direction);
        }

        arguments["limit"] = Number() ?? RowsListed;
        return new PlannedCall(TablePlanner.Query, arguments);
    }

    private PlannedCall Grouped(List<TableColumn> groups, List<object> aggregates, IReadOnlyList<object> filters)
    {
        var select = groups.Select(g => (object)new Dictionary<string, object?> { ["column"] = g.Name }).Concat(aggregates).ToList();
        var arguments = Arguments(select, filters);
        arguments["groupBy"] = groups.Select(g => g.Name).ToList();
        var ordered = groups[0].IsDate ? groups[0].Name : ((Dictionary<string, object?>)aggregates[0])["as"]!.ToString()!;
        arguments["orderBy"] = OrderBy(ordered, groups[0].IsDate ? "asc" : Direction);
        if (Number() is { } limit)
        {
            arguments["limit"] = limit;
        }
        else if (IsSuperlative)
        {
            arguments["limit"] = GroupsOfSuperlative;
        }

        return new PlannedCall(TablePlanner.Query, arguments);
    }

    private List<PlannedCall> Overview()
    {
        var select = CountRows();
        if (DefaultMeasure() is { } money)
        {
            select.Add(Select(money.Name, "sum", $"sum_of_{money.Name}"));
            select.Add(Select(money.Name, "avg", $"average_{money.Name}"));
        }

        if (table.Columns.FirstOrDefault(c => c.IsDate) is { } date)
        {
            select.Add(Select(date.Name, "min", $"first_{date.Name}"));
            select.Add(Select(date.Name, "max", $"last_{date.Name}"));
        }

        var calls = new List<PlannedCall> { Call(select, []) };
        var group = table.Columns.FirstOrDefault(c => c.Name == "status") ?? table.Columns.FirstOrDefault(c => c.IsText && c.Samples.Count > 0);
        if (group is not null)
        {
            calls.Add(Grouped([group], CountRows(), []));
        }

        return calls;
    }

    private PlannedCall Call(List<object> select, IReadOnlyList<object> filters) => new(TablePlanner.Query, Arguments(select, filters));

    private Dictionary<string, object?> Arguments(List<object> select, IReadOnlyList<object> filters)
    {
        var arguments = new Dictionary<string, object?> { ["table"] = table.Name, ["select"] = select };
        if (filters.Count > 0)
        {
            arguments["where"] = filters;
        }

        return arguments;
    }

    private int? Number() =>
        Limit().Match(text) is { Success: true } match && int.TryParse(match.Groups.Values.Skip(1).First(g => g.Success).Value, CultureInfo.InvariantCulture, out var n)
            ? Math.Clamp(n, 1, MostRows)
            : null;

    private static Dictionary<string, object?> Select(string column, string aggregate, string name) =>
        new() { ["column"] = column, ["aggregate"] = aggregate, ["as"] = name };

    private static List<object> OrderBy(string column, string direction) =>
        [new Dictionary<string, object?> { ["column"] = column, ["descending"] = direction == "desc" }];

    private sealed record Measured(TableColumn Column, string Word);

    [GeneratedRegex(@"\b(revenues?|sales|turnover|income|earnings|earned|spent|spending|spends?|money|worth|value|valuable|amounts?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Money();

    [GeneratedRegex(@"\b(units|quantit(?:y|ies)|pieces|items sold|sold)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Pieces();

    [GeneratedRegex(@"\b(prices?|expensive|cheap|cheapest|costs?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Price();

    [GeneratedRegex(@"\b(delivery (?:time|days|duration)s?|days|how long|fast|fastest|slow|slowest|lead time)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Days();

    [GeneratedRegex(@"\b(how many|number of|count|counts)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Count();

    [GeneratedRegex(@"\b(ordered|orders|order most|often|popular|frequent|frequently|common)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Often();

    [GeneratedRegex(@"\b(average|avg|mean|typical|typically|how long)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Average();

    [GeneratedRegex(@"\b(total|sum|overall|altogether)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Total();

    [GeneratedRegex(@"\b(share|percent|percentage|proportion|fraction|rate)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Share();

    [GeneratedRegex(@"\b(which|what|list|show|find|give|display|see)\b", RegexOptions.IgnoreCase)]
    private static partial Regex List();

    [GeneratedRegex(@"\b(latest|newest|most recent|recent|last \d+|oldest|earliest|first \d+)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Recent();

    [GeneratedRegex(@"\b(largest|biggest|smallest|highest|lowest|most expensive|cheapest|top|slowest|fastest)\b(?:\s+\w+){0,3}\s+(orders?|rows?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex RowSuperlative();

    [GeneratedRegex(@"\b(?:top|first|last|bottom|best|latest|show|list|give me)\s+(?:the\s+)?(\d{1,3})\b|\b(\d{1,3})\s+(?:most|best|largest|biggest|highest|lowest|smallest|latest|newest|oldest|worst|least|top|cheapest|slowest|fastest)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Limit();

    [GeneratedRegex(@"\W+")]
    private static partial Regex NotWord();
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentLab.Core.Models.Rehearsal;

/// <summary>Which rows a question is about: known values, comparisons, dates, and names after a column's word.</summary>
internal sealed partial class TableFilters
{
    private static readonly Dictionary<string, string> OtherValues = new(StringComparer.OrdinalIgnoreCase)
    {
        ["delayed"] = "late", ["overdue"] = "late", ["canceled"] = "cancelled", ["outstanding"] = "pending", ["unshipped"] = "pending",
    };

    private static readonly string[] Months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    private readonly List<(TableColumn Column, Dictionary<string, object?> Filter)> _filters = [];
    private readonly TableShape _table;

    /// <param name="question">The question; names after a column's word are taken from it alone.</param>
    /// <param name="context">The question before it, whose conditions still hold; else empty.</param>
    /// <param name="table">The table to query.</param>
    public TableFilters(string question, string context, TableShape table)
    {
        _table = table;
        var text = $"{question} ; {context}";
        foreach (var column in table.Columns.Where(c => c.IsText || c.IsId))
        {
            AddValues(text, question, column);
        }

        AddDates(text);
        AddComparisons(Dates().Replace(text, " "));
    }

    public IReadOnlyList<object> All => [.. _filters.Select(f => f.Filter)];

    /// <summary>The first column of words that is filtered.</summary>
    public TableColumn? FirstTextColumn => _filters.Where(f => f.Column.IsText).Select(f => f.Column).FirstOrDefault();

    public IReadOnlyList<object> Without(TableColumn column) => [.. _filters.Where(f => f.Column != column).Select(f => f.Filter)];

    /// <summary>True when the question gives this column's value by name ("customer Acme Ltd"), so that its word is no grouping.</summary>
    public bool Names(TableColumn column) => _filters.Exists(f => f.Column == column && f.Filter["operator"] is "contains");

    private void AddValues(string text, string question, TableColumn column)
    {
        var plain = OtherValues.Where(o => column.Samples.Contains(o.Value, StringComparer.OrdinalIgnoreCase))
            .Aggregate(text, (t, o) => Regex.Replace(t, $@"\b{o.Key}\b", o.Value, RegexOptions.IgnoreCase));
        var (wanted, refused) = (new List<string>(), new List<string>());
        foreach (var value in column.Samples.Where(v => v.Length > 1).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var match = Regex.Match(plain, $@"(?<not>\b(?:not|except|excluding|without|besides)\s+(?:the\s+)?|n't\s+)?(?<![\p{{L}}\p{{N}}]){Regex.Escape(value)}(?![\p{{L}}\p{{N}}])", RegexOptions.IgnoreCase);
            if (match.Success)
            {
                (match.Groups["not"].Success ? refused : wanted).Add(value);
            }
        }

        if (wanted.Count == 1)
        {
            Add(column, "eq", wanted[0]);
        }
        else if (wanted.Count > 1)
        {
            Add(column, "in", wanted);
        }
        else if (Named(question, column) is { } name)
        {
            Add(column, "contains", name);
        }

        refused.ForEach(value => Add(column, "ne", value));
    }

    /// <summary>"customer Acme Ltd" or "product 'Desk lamp'": a value that is not among the samples.</summary>
    private static string? Named(string text, TableColumn column)
    {
        var word = string.Join(@"\s+", column.Stems.Select(Regex.Escape));
        var match = Regex.Match(text, $"""(?i:\b{word}\b)\s+(?:(?i:is|called|named|id|=)\s+)?(?:["'“‘](?<v>[^"'”’]+)["'”’]|(?<v>\p{"{"}Lu{"}"}[\p{"{"}L{"}"}\p{"{"}N{"}"}&.-]*(?:\s+\p{"{"}Lu{"}"}[\p{"{"}L{"}"}\p{"{"}N{"}"}&.-]*)*))""");
        return match.Success && column.IsText ? match.Groups["v"].Value.TrimEnd('.') : null;
    }

    private void AddDates(string text)
    {
        if (_table.Columns.FirstOrDefault(c => c.IsDate) is not { } column)
        {
            return;
        }

        foreach (Match match in DateBound().Matches(text))
        {
            var bound = match.Groups[1].Value.ToLowerInvariant() switch
            {
                "since" or "from" => "ge",
                "after" => "gt",
                "before" => "lt",
                "until" or "till" or "to" or "through" => "le",
                _ => "eq",
            };
            Add(column, bound, match.Groups[2].Value);
        }

        if (_filters.Exists(f => f.Column == column))
        {
            return;
        }

        var year = Year().Match(text) is { Success: true } y ? int.Parse(y.Groups[1].Value, CultureInfo.InvariantCulture) : (int?)null;
        var month = MonthName().Match(text) is { Success: true } m ? Array.FindIndex(Months, n => n.StartsWith(m.Groups[1].Value[..3], StringComparison.OrdinalIgnoreCase)) + 1 : 0;
        var quarter = Quarter().Match(text) is { Success: true } q ? q.Groups[1].Value[0] - '0' : 0;
        if (month > 0 && year is null)
        {
            Add(column, "contains", string.Create(CultureInfo.InvariantCulture, $"-{month:00}-"));
        }
        else if (year is { } known)
        {
            var first = new DateOnly(known, month > 0 ? month : quarter > 0 ? (quarter * 3) - 2 : 1, 1);
            var end = month > 0 ? first.AddMonths(1) : quarter > 0 ? first.AddMonths(3) : first.AddYears(1);
            Add(column, "ge", first.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            Add(column, "lt", end.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }
    }

    private void AddComparisons(string text)
    {
        var numbers = _table.Columns.Where(c => c.IsNumber).ToList();
        foreach (Match match in Comparison().Matches(text))
        {
            var unit = match.Groups["unit"].Value.ToLowerInvariant();
            var column = unit.StartsWith("day", StringComparison.Ordinal) ? numbers.Find(c => c.Name.Contains("day", StringComparison.OrdinalIgnoreCase))
                : unit.Length > 0 ? numbers.Find(c => c.Name.Contains("quantity", StringComparison.OrdinalIgnoreCase))
                : numbers.Find(c => c.Stems.All(RehearsalText.Stems(text[..match.Index]).Contains))
                    ?? numbers.Find(c => c.Name.Contains("total", StringComparison.OrdinalIgnoreCase))
                    ?? numbers.FirstOrDefault();
            if (column is not null && decimal.TryParse(match.Groups["n"].Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var value))
            {
                Add(column, Operator(match.Groups["op"].Value), value);
            }
        }
    }

    private void Add(TableColumn column, string @operator, object value) =>
        _filters.Add((column, new Dictionary<string, object?> { ["column"] = column.Name, ["operator"] = @operator, ["value"] = value }));

    private static string Operator(string words) => RehearsalText.Shorten(words.ToLowerInvariant(), 20) switch
    {
        "at least" or ">=" or "minimum" => "ge",
        "at most" or "up to" or "<=" or "maximum" => "le",
        "less than" or "fewer than" or "under" or "below" or "<" or "cheaper than" or "faster than" => "lt",
        _ => "gt",
    };

    [GeneratedRegex(@"(?<op>more than|greater than|longer than|over|above|exceeding|at least|minimum|less than|fewer than|cheaper than|faster than|under|below|at most|up to|maximum|>=|<=|>|<)\s*[$€£]?\s*(?<n>\d[\d,]*(?:\.\d+)?)(?:\s*(?<unit>days?|units?|pieces?))?", RegexOptions.IgnoreCase)]
    private static partial Regex Comparison();

    [GeneratedRegex(@"\b(since|from|after|before|until|till|to|through|on)\s+(\d{4}-\d{2}-\d{2})\b", RegexOptions.IgnoreCase)]
    private static partial Regex DateBound();

    [GeneratedRegex(@"\b(?:in|during|of|for|since|january|february|march|april|may|june|july|august|september|october|november|december|q[1-4])\s+((?:19|20)\d{2})\b", RegexOptions.IgnoreCase)]
    private static partial Regex Year();

    [GeneratedRegex(@"\b(?:in|during|of|for|since)\s+(january|february|march|april|may|june|july|august|september|october|november|december)\b", RegexOptions.IgnoreCase)]
    private static partial Regex MonthName();

    [GeneratedRegex(@"\bq([1-4])\b", RegexOptions.IgnoreCase)]
    private static partial Regex Quarter();

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}")]
    private static partial Regex Dates();
}

using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentLab.Core.Models.Rehearsal;

/// <summary>A question about data: look which tables there are, then query the one that fits.</summary>
internal static partial class TablePlanner
{
    public const string Query = "table_query";
    public const string Describe = "describe_tables";
    private const int MostQueries = 4;

    /// <summary>The first step: the description where there is one, else the query itself.</summary>
    public static IEnumerable<PlannedCall> Plan(RehearsalTurn turn)
    {
        if (!turn.Has(Query) || !IsAboutData(turn))
        {
            return [];
        }

        return turn.Has(Describe) ? [new PlannedCall(Describe, [])] : Queries(turn, [TableShape.Orders]);
    }

    /// <summary>The second step: queries over the tables that were described.</summary>
    public static List<PlannedCall> AfterDescription(RehearsalTurn turn)
    {
        var description = turn.Results.FirstOrDefault(r => r.Tool == Describe && r.Error is null);
        if (description is null || !turn.Has(Query) || turn.Results.Any(r => r.Tool == Query))
        {
            return [];
        }

        var shapes = TableShape.Read(description.Result).Where(s => s.Columns.Count > 0).ToList();
        return shapes.Count > 0 && (IsAboutData(turn) || shapes.Any(s => Fit(s, turn.Question) > 0)) ? Queries(turn, shapes) : [];
    }

    /// <summary>When nothing else fits: say what tables there are.</summary>
    public static List<PlannedCall> LookAround(RehearsalTurn turn) => turn.Has(Describe) ? [new PlannedCall(Describe, [])] : [];

    private static List<PlannedCall> Queries(RehearsalTurn turn, IReadOnlyList<TableShape> shapes)
    {
        var followUp = FollowUp().IsMatch(turn.Question);
        var calls = new List<PlannedCall>();
        foreach (var clause in Clauses(turn.Question))
        {
            var shape = shapes.MaxBy(s => Fit(s, followUp ? $"{clause} {turn.PreviousQuestion}" : clause))!;
            calls.AddRange(new TableQuestion(clause, followUp ? turn.PreviousQuestion : "", shape).Plan());
        }

        // "top products and top customers of 2025": the same query twice helps nobody.
        return [.. calls.DistinctBy(c => JsonSerializer.Serialize(c.Arguments)).Take(MostQueries)];
    }

    private static List<string> Clauses(string question)
    {
        var plain = PagePlanner.Without(question);
        var clauses = Break().Split(plain).Select(c => c.Trim()).Where(c => c.Length > 0).ToList();
        var aboutData = clauses.Where(c => DataWord().IsMatch(c) || Asking().IsMatch(c)).ToList();
        return aboutData.Count > 0 ? aboutData : [plain];
    }

    /// <summary>True when the question, or the one it leans on, is about rows and columns.</summary>
    public static bool IsAboutData(RehearsalTurn turn)
    {
        var question = PagePlanner.Without(turn.Question);
        return DataWord().IsMatch(question)
            || (Asking().IsMatch(question) && !ArithmeticPlanner.Expressions(question).Any() && !turn.Has(DocumentPlanner.Tool))
            || (FollowUp().IsMatch(question) && DataWord().IsMatch(turn.PreviousQuestion));
    }

    private static int Fit(TableShape shape, string text)
    {
        var words = RehearsalText.Stems(text).ToHashSet(StringComparer.Ordinal);
        var named = RehearsalText.IdentifierStems(shape.Name).All(words.Contains) ? 10 : 0;
        return named + shape.Columns.Count(c => c.Stems.All(words.Contains));
    }

    [GeneratedRegex(@"\b(tables?|rows?|columns?|csv|data ?sets?|the data|orders?|ordered|customers?|clients?|buyers?|revenue|sales|turnover|products?|regions?|categor(y|ies)|quantit(y|ies)|units sold|deliver(y|ies|ed)|shipped|late|delayed|overdue|pending|cancell?ed)\b", RegexOptions.IgnoreCase)]
    private static partial Regex DataWord();

    [GeneratedRegex(@"\b(how many|average|total|sum of|count of|number of|top \d+|most|least|fewest|highest|lowest|largest|smallest|per|by)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Asking();

    [GeneratedRegex(@"^\W*(and|what about|how about|now|also|same|only|then|by|per)\b", RegexOptions.IgnoreCase)]
    private static partial Regex FollowUp();

    [GeneratedRegex(@"[?;\n]+|\.(?=\s|$)|,?\s+(?:and|then|also)\s+(?=(?:how|what|which|who|show|list|give|tell|find|the (?:average|total|number|top|count))\b)|,\s+(?=(?:how many|what|which|who|show|list)\b)|\s+and\s+(?=(?:by|per)\s)", RegexOptions.IgnoreCase)]
    private static partial Regex Break();
}

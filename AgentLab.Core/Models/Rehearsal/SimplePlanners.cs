using System.Text.RegularExpressions;

namespace AgentLab.Core.Models.Rehearsal;

/// <summary>An address in the question: read the page.</summary>
internal static partial class PagePlanner
{
    public const string Tool = "fetch_page";
    private const int MostPages = 3;

    public static IEnumerable<PlannedCall> Plan(RehearsalTurn turn) => turn.Has(Tool)
        ? Addresses(turn.Question).Distinct().Take(MostPages).Select(url => new PlannedCall(Tool, new() { ["url"] = url }))
        : [];

    public static IEnumerable<string> Addresses(string text) => Address().Matches(text).Select(m => m.Value.TrimEnd('.', ',', ')', ';', '?', '!'));

    public static string Without(string text) => Address().Replace(text, " ");

    [GeneratedRegex("""https?://[^\s<>"']+""", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}

/// <summary>A question about now: ask the clock.</summary>
internal static partial class MomentPlanner
{
    public const string Tool = "date_time";
    private const int MostZones = 4;

    private static readonly (string Place, string Zone)[] Places =
    [
        ("berlin", "Europe/Berlin"), ("germany", "Europe/Berlin"), ("munich", "Europe/Berlin"), ("paris", "Europe/Paris"), ("france", "Europe/Paris"),
        ("london", "Europe/London"), ("england", "Europe/London"), ("madrid", "Europe/Madrid"), ("spain", "Europe/Madrid"), ("rome", "Europe/Rome"),
        ("italy", "Europe/Rome"), ("vienna", "Europe/Vienna"), ("zurich", "Europe/Zurich"), ("amsterdam", "Europe/Amsterdam"), ("moscow", "Europe/Moscow"),
        ("istanbul", "Europe/Istanbul"), ("dubai", "Asia/Dubai"), ("delhi", "Asia/Kolkata"), ("mumbai", "Asia/Kolkata"), ("india", "Asia/Kolkata"),
        ("singapore", "Asia/Singapore"), ("shanghai", "Asia/Shanghai"), ("beijing", "Asia/Shanghai"), ("china", "Asia/Shanghai"), ("hong kong", "Asia/Hong_Kong"),
        ("tokyo", "Asia/Tokyo"), ("japan", "Asia/Tokyo"), ("seoul", "Asia/Seoul"), ("sydney", "Australia/Sydney"), ("auckland", "Pacific/Auckland"),
        ("new york", "America/New_York"), ("boston", "America/New_York"), ("toronto", "America/Toronto"), ("chicago", "America/Chicago"), ("denver", "America/Denver"),
        ("los angeles", "America/Los_Angeles"), ("san francisco", "America/Los_Angeles"), ("seattle", "America/Los_Angeles"), ("sao paulo", "America/Sao_Paulo"),
        ("são paulo", "America/Sao_Paulo"), ("mexico city", "America/Mexico_City"), ("cairo", "Africa/Cairo"), ("lagos", "Africa/Lagos"), ("johannesburg", "Africa/Johannesburg"),
    ];

    public static IEnumerable<PlannedCall> Plan(RehearsalTurn turn)
    {
        if (!turn.Has(Tool) || !AsksForNow().IsMatch(turn.Question))
        {
            return [];
        }

        var zones = Zones(turn.Question).Distinct().Take(MostZones).ToList();
        return zones.Count == 0 ? [new PlannedCall(Tool, [])] : zones.Select(z => new PlannedCall(Tool, new() { ["timeZone"] = z }));
    }

    private static IEnumerable<string> Zones(string text)
    {
        foreach (Match id in ZoneId().Matches(text))
        {
            yield return id.Value;
        }

        foreach (var (place, zone) in Places)
        {
            if (Regex.IsMatch(text, $@"\b{Regex.Escape(place)}\b", RegexOptions.IgnoreCase))
            {
                yield return zone;
            }
        }
    }

    [GeneratedRegex(@"\b(what|which|tell me the|give me the)('s| is)?( the)?( current| local)? (time|date|day|weekday|year|month)\b(?!s? (did|were|was|do|does|has|have|had))|\b(what time|time is it|what day|today'?s date|current (date|time)|date today|time now|right now|date and (the )?time)\b|\btime in [\p{Lu}]", RegexOptions.IgnoreCase)]
    private static partial Regex AsksForNow();

    [GeneratedRegex(@"\b(Europe|Asia|America|Africa|Australia|Pacific|Atlantic|Indian)/[A-Za-z_]+(/[A-Za-z_]+)?\b|\bUTC\b")]
    private static partial Regex ZoneId();
}

/// <summary>A question that documents may answer: search them.</summary>
internal static partial class DocumentPlanner
{
    public const string Tool = "document_search";
    private const int MostHits = 4;
    private const int LongestQuery = 200;

    /// <param name="turn">The turn.</param>
    /// <param name="nothingElse">True when no other tool fits; then any question is worth a search.</param>
    public static bool Wants(RehearsalTurn turn, bool nothingElse) => turn.Has(Tool) && (nothingElse || OnAgentLab().IsMatch(turn.Question));

    public static PlannedCall Plan(RehearsalTurn turn)
    {
        var keywords = string.Join(' ', RehearsalText.Keywords(turn.Question));
        var query = RehearsalText.Shorten(keywords.Length > 0 ? keywords : turn.Question, LongestQuery).TrimEnd('…');
        return new PlannedCall(Tool, new() { ["query"] = query, ["limit"] = MostHits });
    }

    [GeneratedRegex(@"\bagent\s?lab\b|\b(docs|documentation|manual|guide)\b", RegexOptions.IgnoreCase)]
    private static partial Regex OnAgentLab();
}

/// <summary>Any further tool whose name or description fits the question.</summary>
internal static class OtherToolPlanner
{
    private const int DescriptionWords = 3;

    private static readonly HashSet<string> Known = new(
        [PagePlanner.Tool, MomentPlanner.Tool, DocumentPlanner.Tool, ArithmeticPlanner.Tool, TablePlanner.Query, TablePlanner.Describe], StringComparer.Ordinal);

    public static IEnumerable<PlannedCall> Plan(RehearsalTurn turn)
    {
        var asked = RehearsalText.Stems(turn.Question).Where(w => !RehearsalText.IsStopWord(w)).ToHashSet(StringComparer.Ordinal);
        return turn.Tools
            .Where(t => !Known.Contains(t.Name) && Fits(t.Name, t.Description, turn, asked))
            .Select(t => new PlannedCall(t.Name, SchemaFiller.Arguments(t.JsonSchema, turn.Question)));
    }

    private static bool Fits(string name, string description, RehearsalTurn turn, HashSet<string> asked)
    {
        if (turn.Question.Contains(name, StringComparison.OrdinalIgnoreCase) || turn.Instructions.Contains($"`{name}`", StringComparison.Ordinal))
        {
            return true;
        }

        var words = RehearsalText.IdentifierStems(name).Where(w => !RehearsalText.IsStopWord(w)).ToList();
        return (words.Count > 0 && words.All(asked.Contains))
            || RehearsalText.Stems(description).Distinct().Count(w => w.Length > 2 && asked.Contains(w)) >= DescriptionWords;
    }
}

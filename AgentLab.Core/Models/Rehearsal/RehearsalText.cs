using System.Text.RegularExpressions;

namespace AgentLab.Core.Models.Rehearsal;

/// <summary>Words, stems and the like. English only: the rehearsal model says so by what it cannot answer.</summary>
internal static partial class RehearsalText
{
    private static readonly HashSet<string> StopWords = new(
        ("a an and any are as at be been but by can could did do does for from get give had has have her his how i in into is it its just let like make "
        + "me my no not of on one or our out over please really so some tell than that the their them then there these they this those to too under up us use very was "
        + "we were what when where which who why will with would you your about all also am find if much more most show want need know explain say").Split(' '),
        StringComparer.Ordinal);

    /// <summary>The text in pieces of one word and the white space after it; joined they are the text.</summary>
    public static IEnumerable<string> Words(string text) => WordAndSpace().Matches(text).Select(m => m.Value);

    /// <summary>The words, in lower case, without their endings: "orders" and "order" are the same.</summary>
    public static List<string> Stems(string text) => [.. WordOnly().Matches(text.ToLowerInvariant()).Select(m => Stem(m.Value))];

    /// <summary>The words that carry meaning, as written.</summary>
    public static List<string> Keywords(string text) =>
        [.. WordOnly().Matches(text).Select(m => m.Value).Where(w => w.Length > 1 && !StopWords.Contains(w.ToLowerInvariant())).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The words of an identifier: order_date, orderDate and order-date are "order date".</summary>
    public static List<string> IdentifierStems(string name) => Stems(CamelHump().Replace(name, "$1 $2").Replace('_', ' ').Replace('-', ' '));

    public static bool IsStopWord(string word) => StopWords.Contains(word);

    public static string Stem(string word) => word switch
    {
        { Length: > 4 } when word.EndsWith("ies", StringComparison.Ordinal) => word[..^3] + "y",
        { Length: > 4 } when word.EndsWith("ses", StringComparison.Ordinal) || word.EndsWith("xes", StringComparison.Ordinal) || word.EndsWith("ches", StringComparison.Ordinal) => word[..^2],
        "status" or "days" or "sales" => word,
        { Length: > 3 } when word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) && !word.EndsWith("us", StringComparison.Ordinal) => word[..^1],
        _ => word,
    };

    /// <summary>Cut at a word, with an ellipsis.</summary>
    public static string Shorten(string text, int length)
    {
        var line = Spaces().Replace(text, " ").Trim();
        if (line.Length <= length)
        {
            return line;
        }

        var space = line.LastIndexOf(' ', length);
        return line[..(space > length / 2 ? space : length)] + "…";
    }

    [GeneratedRegex(@"\S+\s*|\s+")]
    private static partial Regex WordAndSpace();

    [GeneratedRegex(@"[\p{L}\p{N}]+(?:['’][\p{L}]+)?")]
    private static partial Regex WordOnly();

    [GeneratedRegex(@"(\p{Ll})(\p{Lu})")]
    private static partial Regex CamelHump();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

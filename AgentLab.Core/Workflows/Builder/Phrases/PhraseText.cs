using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentLab.Core.Workflows.Builder.Phrases;

/// <summary>Words as the rules of the rehearsal model see them. English only.</summary>
internal static partial class PhraseText
{
    private const int LongestName = 60;

    /// <summary>The text without blanks, connecting words and punctuation at its ends.</summary>
    public static string Bare(string text)
    {
        var bare = text.Trim().TrimEnd('.', ',', ';', ':', '!').Trim();
        while (Lead().Match(bare) is { Success: true, Length: > 0 } lead && lead.Length < bare.Length)
        {
            bare = bare[lead.Length..].TrimStart();
        }

        return bare;
    }

    /// <summary>Without the article or pronoun before it.</summary>
    public static string Noun(string text) => Article().Replace(text.Trim(), string.Empty).Trim();

    /// <summary>A name that people read: begins large, on one line, not too long.</summary>
    public static string Title(string text)
    {
        var line = Spaces().Replace(text.Replace("{{", string.Empty, StringComparison.Ordinal).Replace("}}", string.Empty, StringComparison.Ordinal), " ").Trim().Trim('"', '“', '”');
        if (line.Length == 0)
        {
            return "Step";
        }

        if (line.Length > LongestName)
        {
            var cut = line.LastIndexOf(' ', LongestName);
            line = line[..(cut > LongestName / 2 ? cut : LongestName)].TrimEnd(',', ' ');
            line = char.IsHighSurrogate(line[^1]) ? line[..^1] : line;
            line += "…";
        }

        return char.ToUpper(line[0], CultureInfo.InvariantCulture) + line[1..];
    }

    /// <summary>A sentence: begins large, ends with a point.</summary>
    public static string Sentence(string text)
    {
        var trimmed = text.Trim();
        return trimmed.Length == 0 ? trimmed : char.ToUpper(trimmed[0], CultureInfo.InvariantCulture) + trimmed[1..] + (trimmed[^1] is '.' or '?' or '!' or '}' ? string.Empty : ".");
    }

    /// <summary>A noun as a field: "order total" is order_total.</summary>
    public static string Field(string noun)
    {
        var words = Word().Matches(Noun(noun)).Select(m => m.Value).ToList();
        return words.Count == 1 ? words[0] : string.Join('_', words.Select(word => word.ToLowerInvariant()));
    }

    /// <summary>The words in lower case without a plural's s, for comparing names.</summary>
    public static HashSet<string> Stems(string text) =>
        [.. Word().Matches(Humps().Replace(text, "$1 $2").Replace('_', ' ')).Select(m => Stem(m.Value))];

    /// <summary>The words in order, each without a plural's s, with where it ends in the text.</summary>
    public static List<(string Stem, int End)> InOrder(string text) => [.. Word().Matches(text).Select(m => (Stem(m.Value), m.Index + m.Length))];

    private static string Stem(string word)
    {
        var lower = word.ToLowerInvariant();
        return lower.Length > 3 && lower.EndsWith('s') ? lower[..^1] : lower;
    }

    /// <summary>Whether a text has letters or digits at all.</summary>
    public static bool HasWords(string text) => Word().IsMatch(text);

    [GeneratedRegex(@"^(?:(?:and|then|also|next|finally|first|firstly|second|secondly|third|afterwards|afterward|after that|after this|at the end|in the end|lastly|please|now|so|just|you|we|i want (?:you )?to|i want|i would like to|i'd like to|can you|could you|let's|build (?:me )?(?:a |the )?workflow (?:that|which|to)|make (?:me )?(?:a |the )?workflow (?:that|which|to)|create (?:me )?(?:a |the )?workflow (?:that|which|to)|it should|should)\b|[,:;*•\-–]|\d{1,2}[.)](?=\s))\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Lead();

    [GeneratedRegex(@"^(?:the|a|an|all|all the|each|every|any|this|that|these|those|its|their|his|her|our|my|your|some)\s+", RegexOptions.IgnoreCase)]
    private static partial Regex Article();

    [GeneratedRegex(@"[\p{L}\p{N}_]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"(\p{Ll})(\p{Lu})")]
    private static partial Regex Humps();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

/// <summary>Keeps what must not be cut apart (quotes, addresses, templates) aside while a text is cut into clauses.</summary>
internal sealed partial class Protected
{
    private const char Mark = '\uE000';
    private readonly List<string> _parts = [];

    /// <param name="text">The text.</param>
    public Protected(string text) =>
        Text = Whole().Replace(text.Replace(Mark, ' '), match =>
        {
            // The point that ends the sentence is not part of the address.
            var value = match.Value;
            var tail = value.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? value[value.TrimEnd('.', ',', ';', ':', '!', '?', ')').Length..] : string.Empty;
            _parts.Add(value[..(value.Length - tail.Length)]);
            return string.Create(CultureInfo.InvariantCulture, $"{Mark}{_parts.Count - 1}{Mark}{tail}");
        });

    /// <summary>The text with marks in place of what is kept.</summary>
    public string Text { get; }

    /// <summary>A part of the text as it was.</summary>
    public string Restore(string part) => Marks().Replace(part, match => int.TryParse(match.Groups[1].Value, out var i) && i < _parts.Count ? _parts[i] : string.Empty);

    [GeneratedRegex("""\{\{.{1,500}?\}\}|"[^"\n]{1,2000}"|“[^”\n]{1,2000}”|https?://[^\s<>"'“”]+|\b\d{1,3}(?:,\d{3})+\b""", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Whole();

    [GeneratedRegex("\uE000(\\d+)\uE000")]
    private static partial Regex Marks();
}

using System.Text;

namespace AgentLab.Core.Tools.Documents;

/// <summary>A section that a search found, the higher the score the better.</summary>
internal sealed record DocumentHit(DocumentSection Section, string Snippet, double Score);

/// <summary>Ranks sections by BM25 over their words; words of the title and of the headings count three times. Built once, then only read.</summary>
internal sealed class DocumentIndex
{
    private const double Saturation = 1.2;
    private const double LengthWeight = 0.75;
    private const int HeadingWeight = 3;
    private const int SnippetCharacters = 320;

    private readonly Dictionary<string, List<(int Section, int Count)>> _postings = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<DocumentSection> _sections;
    private readonly int[] _lengths;
    private readonly double _averageLength;

    public DocumentIndex(IReadOnlyList<DocumentSection> sections)
    {
        _sections = sections;
        _lengths = new int[sections.Count];
        for (var index = 0; index < sections.Count; index++)
        {
            Add(index, sections[index]);
        }

        _averageLength = sections.Count == 0 ? 1 : Math.Max(1, _lengths.Average());
    }

    /// <summary>The best sections first; those of equal score in the order of the documents.</summary>
    public IReadOnlyList<DocumentHit> Search(string query, int limit)
    {
        var scores = new Dictionary<int, double>();
        var words = Words(query).Distinct(StringComparer.Ordinal).ToArray();
        foreach (var word in words)
        {
            if (!_postings.TryGetValue(word, out var postings))
            {
                continue;
            }

            var rarity = Math.Log(1 + ((_sections.Count - postings.Count + 0.5) / (postings.Count + 0.5)));
            foreach (var (section, count) in postings)
            {
                var norm = Saturation * (1 - LengthWeight + (LengthWeight * _lengths[section] / _averageLength));
                scores[section] = scores.GetValueOrDefault(section) + (rarity * count * (Saturation + 1) / (count + norm));
            }
        }

        return [.. scores
            .OrderByDescending(score => score.Value)
            .ThenBy(score => score.Key)
            .Take(limit)
            .Select(score => new DocumentHit(_sections[score.Key], Snippet(_sections[score.Key].Text, words), Math.Round(score.Value, 3)))];
    }

    /// <summary>Lower case, letters and digits, without the commonest words and with plurals and -ing and -ed forms brought together.</summary>
    internal static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        foreach (var letter in text)
        {
            if (char.IsLetterOrDigit(letter))
            {
                word.Append(char.ToLowerInvariant(letter));
            }
            else if (Close(word) is { } closed)
            {
                yield return closed;
            }
        }

        if (Close(word) is { } last)
        {
            yield return last;
        }
    }

    private void Add(int index, DocumentSection section)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        Count(section.Text, 1);
        Count($"{section.Title} {section.Section} {section.Path}", HeadingWeight);
        foreach (var (word, count) in counts)
        {
            if (!_postings.TryGetValue(word, out var postings))
            {
                _postings.Add(word, postings = []);
            }

            postings.Add((index, count));
            _lengths[index] += count;
        }

        void Count(string text, int weight)
        {
            foreach (var word in Words(text))
            {
                counts[word] = counts.GetValueOrDefault(word) + weight;
            }
        }
    }

    private static string? Close(StringBuilder letters)
    {
        var word = letters.ToString();
        letters.Clear();
        return word.Length == 0 || IsCommon(word) ? null : Stem(word);
    }

    private static bool IsCommon(string word) => word is "a" or "an" or "and" or "are" or "as" or "at" or "be" or "by" or "can" or "do" or "does" or "for" or "from"
        or "how" or "i" or "in" or "is" or "it" or "its" or "me" or "my" or "of" or "on" or "or" or "that" or "the" or "this" or "to" or "what" or "when" or "where"
        or "which" or "who" or "why" or "will" or "with" or "you" or "your";

    /// <summary>Crude on purpose: resume, resumes, resumed and resuming meet, and a wrong match only costs a place in the order.</summary>
    private static string Stem(string word)
    {
        var root = Root(word);
        return root.Length > 4 && root[^1] == 'e' ? root[..^1] : root;
    }

    private static string Root(string word) => word.Length switch
    {
        > 5 when word.EndsWith("ing", StringComparison.Ordinal) => word[..^3],
        > 4 when word.EndsWith("ies", StringComparison.Ordinal) => word[..^3] + "y",
        > 4 when word.EndsWith("ed", StringComparison.Ordinal) => word[..^2],
        > 3 when word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i') => word[..^1],
        _ => word,
    };

    /// <summary>The stretch of the text in which most of the words asked for stand.</summary>
    private static string Snippet(string text, string[] words)
    {
        var flat = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (flat.Length <= SnippetCharacters)
        {
            return flat;
        }

        var (start, best) = (0, -1);
        for (var at = 0; at < flat.Length; at = NextWord(flat, at + (SnippetCharacters / 4)))
        {
            var stretch = flat.AsSpan(at, Math.Min(SnippetCharacters, flat.Length - at)).ToString();
            var found = Words(stretch).Where(words.Contains).Distinct(StringComparer.Ordinal).Count();
            if (found > best)
            {
                (start, best) = (at, found);
            }
        }

        var end = Math.Min(flat.Length, start + SnippetCharacters);
        end = end < flat.Length ? Math.Max(flat.LastIndexOf(' ', end - 1), start + 1) : end;
        return (start > 0 ? "… " : "") + flat[start..end].TrimEnd() + (end < flat.Length ? " …" : "");
    }

    private static int NextWord(string text, int from)
    {
        var blank = from < text.Length ? text.IndexOf(' ', from) : -1;
        return blank < 0 ? text.Length : blank + 1;
    }
}

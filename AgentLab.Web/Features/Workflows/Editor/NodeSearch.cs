using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Web.Features.Workflows.Editor;

/// <summary>Finds kinds of nodes by what people call them.</summary>
internal static class NodeSearch
{
    private const string First = "manual_trigger";

    /// <summary>All kinds in their order for an empty text; else those in which every word occurs, best first, groups kept together.</summary>
    public static IReadOnlyList<INodeKind> Find(IReadOnlyList<INodeKind> kinds, string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0)
        {
            // What most workflows begin with stands first.
            return [.. kinds.Where(kind => kind.Description.Kind == First), .. kinds.Where(kind => kind.Description.Kind != First)];
        }

        var found = kinds.Select(kind => (Kind: kind, Rank: words.Min(word => Rank(kind.Description, word)))).Where(entry => entry.Rank > 0).ToList();
        return
        [
            .. found.GroupBy(entry => entry.Kind.Description.Group)
                .OrderByDescending(group => group.Max(entry => entry.Rank))
                .SelectMany(group => group.OrderByDescending(entry => entry.Rank).ThenBy(entry => entry.Kind.Description.Title, StringComparer.Ordinal))
                .Select(entry => entry.Kind),
        ];
    }

    private static int Rank(NodeDescription about, string word) =>
        about.Title.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? 5
        : about.Title.Contains(word, StringComparison.OrdinalIgnoreCase) ? 4
        : about.Keywords.Any(keyword => keyword.StartsWith(word, StringComparison.OrdinalIgnoreCase)) ? 3
        : about.Kind.Contains(word, StringComparison.OrdinalIgnoreCase) || about.Group.Contains(word, StringComparison.OrdinalIgnoreCase) ? 2
        : about.Summary.Contains(word, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
}

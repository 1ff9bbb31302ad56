using System.Globalization;
using System.Text.RegularExpressions;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Core.Workflows.Builder;

/// <summary>Names for new things, by the rules of the canvas: the kind, then <c>_2</c>, <c>_3</c> and so on.</summary>
internal static partial class BuilderIds
{
    private const int Longest = 40;

    /// <summary>A free id for a node of this kind.</summary>
    public static string Node(WorkflowDefinition graph, string kind) => Node(kind, graph.Nodes.Select(node => node.Id).ToHashSet(StringComparer.Ordinal));

    /// <summary>A free id for a node of this kind.</summary>
    public static string Node(string kind, IReadOnlySet<string> taken)
    {
        var clean = Other().Replace(kind, "_").TrimStart('_', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9').TrimEnd('_');
        return Free(clean.Length == 0 ? "node" : clean.Length <= Longest ? clean : clean[..Longest], taken, "_");
    }

    /// <summary>A name that no other node has.</summary>
    public static string Name(WorkflowDefinition graph, string title) => Free(title, graph.Nodes.Select(node => node.Name).ToHashSet(StringComparer.Ordinal), " ");

    /// <summary>A free id for the n-th new edge.</summary>
    public static string Edge(WorkflowDefinition graph, int number)
    {
        var taken = graph.Edges.Select(edge => edge.Id).ToHashSet(StringComparer.Ordinal);
        for (var i = 1; ; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"b_{i}");
            if (!taken.Contains(id) && number-- == 0)
            {
                return id;
            }
        }
    }

    private static string Free(string wanted, IReadOnlySet<string> taken, string separator)
    {
        if (!taken.Contains(wanted))
        {
            return wanted;
        }

        for (var i = 2; ; i++)
        {
            var next = string.Create(CultureInfo.InvariantCulture, $"{wanted}{separator}{i}");
            if (!taken.Contains(next))
            {
                return next;
            }
        }
    }

    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex Other();
}

using System.Text.Json;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Web.Features.Workflows.Runs;

/// <summary>A node in two runs.</summary>
/// <param name="Id">The node.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Left">What it did in the one; null when it did not begin.</param>
/// <param name="Right">What it did in the other.</param>
/// <param name="SameOutput">Whether both gave the same value; null when one gave none.</param>
public sealed record NodePair(string Id, string Name, NodeView? Left, NodeView? Right, bool? SameOutput)
{
    /// <summary>Something other than its duration differs.</summary>
    public bool Differs => Left?.Status != Right?.Status || SameOutput == false || Left?.Count != Right?.Count;
}

/// <summary>Two runs beside each other, aligned by node.</summary>
public static class RunComparison
{
    /// <summary>The nodes that began in either run, in the order of the definition; those that it does not have any more come last.</summary>
    public static IReadOnlyList<NodePair> Of(RunView left, RunView right, WorkflowDefinition definition)
    {
        var order = definition.Nodes.Select(node => node.Id).Concat(left.Nodes.Select(node => node.Id)).Concat(right.Nodes.Select(node => node.Id)).Distinct();
        var names = definition.Nodes.ToDictionary(node => node.Id, node => node.Name);
        return
        [
            .. order.Select(id => (Id: id, Left: left.Node(id), Right: right.Node(id)))
                .Where(pair => pair.Left is not null || pair.Right is not null)
                .Select(pair => new NodePair(pair.Id, names.GetValueOrDefault(pair.Id, pair.Id), pair.Left, pair.Right, Same(pair.Left, pair.Right))),
        ];
    }

    private static bool? Same(NodeView? left, NodeView? right)
    {
        if (left?.Latest.Output is not { } one || right?.Latest.Output is not { } other)
        {
            return null;
        }

        // A value that lies outside its event is named by its hash.
        return one.Blob is not null || other.Blob is not null
            ? one.Blob == other.Blob
            : one.Value is { } a && other.Value is { } b && JsonElement.DeepEquals(a, b);
    }
}

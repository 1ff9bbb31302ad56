using System.Text.Json;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Builder;

/// <summary>Where new nodes go: left to right along the flow, never over another. The measures are those of the canvas.</summary>
internal sealed class BuilderLayout(INodeKinds kinds)
{
    private const double Grid = 16;
    private const double Width = 240;
    private const double Head = 80;
    private const double PortRow = 32;
    private const double ColumnGap = 96;
    private const double RowGap = 48;
    private const double Margin = 24;
    private const int MostMoved = 300;

    /// <summary>A free place for a node behind these ones.</summary>
    /// <param name="graph">The workflow without the node.</param>
    /// <param name="node">The node.</param>
    /// <param name="after">What leads to it: node and output port.</param>
    public (double X, double Y) Place(WorkflowDefinition graph, WorkflowNode node, IReadOnlyList<(WorkflowNode Node, string Port)> after)
    {
        if (graph.Nodes.Count == 0)
        {
            return (0, 0);
        }

        var (x, y) = after.Count > 0 ? Behind(after) : kinds.Find(node.Kind)?.Description.Role == NodeRole.Trigger ? Below(graph) : Beside(graph);
        return Free(graph, node, Snap(x), Snap(y));
    }

    /// <summary>What must move to the right so that a column between <paramref name="from"/> and <paramref name="to"/> is free; empty when nothing must.</summary>
    public static IReadOnlyList<NodeMove> MakeRoom(WorkflowDefinition graph, WorkflowNode from, WorkflowNode to)
    {
        var shift = from.X + (2 * (Width + ColumnGap)) - to.X;
        if (shift <= 0)
        {
            return [];
        }

        var behind = Behind(graph, to.Id);
        return behind.Count > MostMoved ? [] : [.. graph.Nodes.Where(node => behind.Contains(node.Id)).Select(node => new NodeMove(node.Id, Snap(node.X + shift), node.Y))];
    }

    private static (double X, double Y) Below(WorkflowDefinition graph) => (graph.Nodes.Min(node => node.X), graph.Nodes.Max(node => node.Y) + Head + RowGap);

    private static (double X, double Y) Beside(WorkflowDefinition graph)
    {
        var last = graph.Nodes.MaxBy(node => node.X)!;
        return (last.X + Width + ColumnGap, last.Y);
    }

    /// <summary>The branches of a node go apart: the first above it, the last below.</summary>
    private (double X, double Y) Behind(IReadOnlyList<(WorkflowNode Node, string Port)> after)
    {
        var x = after.Max(one => one.Node.X) + Width + ColumnGap;
        var y = after.Average(one =>
        {
            var ports = PortsOf(one.Node);
            var index = ports.FindIndex(port => port == one.Port);
            var offset = index < 0 || ports.Count < 2 ? 0 : index - ((ports.Count - 1) / 2.0);
            return one.Node.Y + (offset * (Height(one.Node) + RowGap));
        });
        return (x, y);
    }

    private (double X, double Y) Free(WorkflowDefinition graph, WorkflowNode node, double x, double y)
    {
        var height = Height(node);
        var column = graph.Nodes
            .Where(other => other.X < x + Width + Margin && x < other.X + Width + Margin)
            .Select(other => (Top: other.Y, Bottom: other.Y + Height(other)))
            .OrderBy(other => other.Top);
        foreach (var (top, bottom) in column)
        {
            if (top < y + height + Margin && y < bottom + Margin)
            {
                y = Snap(bottom + RowGap);
            }
        }

        return (x, y);
    }

    private double Height(WorkflowNode node)
    {
        var ports = PortsOf(node).Count;
        return ports < 2 ? Head : Head + (ports * PortRow) + Grid;
    }

    private List<string> PortsOf(WorkflowNode node) =>
        kinds.Find(node.Kind) is not { } kind ? []
        : [.. kind.Outputs(node.Settings.ValueKind == JsonValueKind.Object ? node.Settings : JsonElement.Parse("{}")).Select(port => port.Name), .. node.OnError == OnNodeError.Port ? ["error"] : Array.Empty<string>()];

    private static HashSet<string> Behind(WorkflowDefinition graph, string start)
    {
        var next = graph.Edges.ToLookup(edge => edge.From, edge => edge.To, StringComparer.Ordinal);
        var found = new HashSet<string>(StringComparer.Ordinal) { start };
        var open = new Queue<string>(found);
        while (open.TryDequeue(out var node))
        {
            foreach (var other in next[node].Where(found.Add))
            {
                open.Enqueue(other);
            }
        }

        return found;
    }

    private static double Snap(double value) => Math.Round(value / Grid) * Grid;
}

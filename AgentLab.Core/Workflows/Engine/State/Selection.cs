using System.Text.Json;
using AgentLab.Core.Workflows.Engine.Compiled;

namespace AgentLab.Core.Workflows.Engine.State;

/// <summary>Which nodes of the top level a run executes when it is not all of them, and what stands in for the others.</summary>
internal sealed class Selection
{
    private readonly HashSet<CompiledNode> _executed = [];
    private readonly HashSet<CompiledNode> _before = [];
    private readonly CompiledNode _start;
    private readonly Func<CompiledNode, StandIn?> _values;

    private Selection(CompiledNode start, Func<CompiledNode, StandIn?> values) => (_start, _values) = (start, values);

    /// <summary>The node and all that follows it.</summary>
    public static Selection From(CompiledWorkflow workflow, CompiledNode node, Func<CompiledNode, StandIn?> values)
    {
        var index = workflow.Graph.IndexOf(node.Id);
        return Of(workflow, node, values, i => i == index || workflow.Graph.IsUpstream(index, i));
    }

    /// <summary>The node alone.</summary>
    public static Selection Only(CompiledWorkflow workflow, CompiledNode node, Func<CompiledNode, StandIn?> values)
    {
        var index = workflow.Graph.IndexOf(node.Id);
        return Of(workflow, node, values, i => i == index);
    }

    /// <summary>Whether it is the node that the run starts from: it runs whatever comes in.</summary>
    public bool Starts(CompiledNode node) => node == _start;

    public bool Executes(CompiledNode node) => _executed.Contains(node);

    /// <summary>The value of a node that is not executed; null when nothing needs it or there is none.</summary>
    public StandIn? StandIn(CompiledNode node) => _before.Contains(node) ? _values(node) : null;

    private static Selection Of(CompiledWorkflow workflow, CompiledNode start, Func<CompiledNode, StandIn?> values, Func<int, bool> executed)
    {
        var selection = new Selection(start, values);
        var run = workflow.Top.Nodes.Select(n => workflow.Graph.IndexOf(n.Id)).Where(executed).ToList();
        foreach (var node in workflow.Top.Nodes)
        {
            var index = workflow.Graph.IndexOf(node.Id);
            if (run.Contains(index))
            {
                selection._executed.Add(node);
            }
            else if (run.Exists(r => workflow.Graph.IsUpstream(index, r)))
            {
                selection._before.Add(node);
            }
        }

        return selection;
    }
}

/// <summary>A value in the place of running a node.</summary>
/// <param name="Port">The port that it goes through.</param>
/// <param name="Value">The value.</param>
/// <param name="Source"><c>pinned</c> or <c>earlier_run</c>; null for a trigger.</param>
internal sealed record StandIn(string Port, JsonElement Value, string? Source);

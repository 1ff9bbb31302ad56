using System.Runtime.CompilerServices;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Engine.Compiled;

/// <summary>Makes definitions ready to run. What is made of a definition is kept as long as the definition itself is in memory.</summary>
internal sealed class WorkflowCompiler(INodeKinds kinds, ISettingsCompiler settings)
{
    private readonly ConditionalWeakTable<WorkflowDefinition, CompiledWorkflow> _made = [];

    /// <summary>Makes it ready.</summary>
    /// <exception cref="WorkflowFaultException">It cannot run: a kind is unknown, its edges form a cycle or reach into a loop.</exception>
    public CompiledWorkflow Compile(WorkflowDefinition definition) =>
        _made.TryGetValue(definition, out var made) ? made : _made.GetValue(definition, Make);

    private CompiledWorkflow Make(WorkflowDefinition definition)
    {
        var graph = WorkflowGraph.Of(definition, kinds);
        if (graph.Cycle.Count > 0)
        {
            throw new WorkflowFaultException("cycle", $"The edges form a cycle: {string.Join(", ", graph.Cycle)}. Use a loop node.");
        }

        var nodes = new CompiledNode[graph.Count];
        for (var i = 0; i < nodes.Length; i++)
        {
            nodes[i] = Node(graph.Node(i));
        }

        var edges = Edges(graph, nodes);
        foreach (var i in graph.FlowOrder)
        {
            Place(graph, nodes, edges, i);
        }

        Bodies(graph, nodes);
        var top = Body(nodes, [.. graph.FlowOrder.ToArray().Where(i => nodes[i].Loop is null)]);
        return new CompiledWorkflow { Definition = definition, Graph = graph, Nodes = nodes, Top = top, Output = Output(definition), Input = definition.Input };
    }

    private CompiledNode Node(WorkflowNode node)
    {
        var kind = kinds.Find(node.Kind)
            ?? throw new WorkflowFaultException("unknown_kind", $"The node {node.Id} is of the kind {node.Kind}, which this program does not know.", node.Id);
        try
        {
            return new CompiledNode(node, kind) { Settings = settings.Compile(node.Settings, kind.Description.Settings) };
        }
        catch (ExpressionException e)
        {
            return new CompiledNode(node, kind) { Fault = e };
        }
    }

    private static CompiledEdge?[] Edges(WorkflowGraph graph, CompiledNode[] nodes)
    {
        var edges = new CompiledEdge?[graph.Definition.Edges.Count];
        for (var i = 0; i < edges.Length; i++)
        {
            edges[i] = graph.Source(i) < 0
                ? throw new WorkflowFaultException("unknown_node", $"The edge {graph.Edge(i).Id} joins a node that is not there.")
                : new CompiledEdge(nodes[graph.Source(i)], graph.Edge(i).FromPort, nodes[graph.Target(i)], graph.EntersBody(i));
        }

        return edges;
    }

    private static void Place(WorkflowGraph graph, CompiledNode[] nodes, CompiledEdge?[] edges, int index)
    {
        var node = nodes[index];
        foreach (var edge in graph.Incoming(index))
        {
            if (graph.LoopBehind(edge) != graph.Loop(index))
            {
                throw new WorkflowFaultException("edge_into_loop", $"An edge reaches {node.Id} from another loop's body than its other edges. A body has its own nodes.", node.Id);
            }
        }

        node.In = Pick(graph.Incoming(index), edges);
        node.Out = [.. Pick(graph.Outgoing(index), edges).Where(e => !e.EntersBody)];
        node.Loop = graph.Loop(index) is >= 0 and var loop ? nodes[loop] : null;
        node.Depth = node.Loop is null ? 0 : node.Loop.Depth + 1;
    }

    private static CompiledEdge[] Pick(ReadOnlySpan<int> which, CompiledEdge?[] edges)
    {
        var picked = new CompiledEdge[which.Length];
        for (var i = 0; i < picked.Length; i++)
        {
            picked[i] = edges[which[i]]!;
        }

        return picked;
    }

    private static void Bodies(WorkflowGraph graph, CompiledNode[] nodes)
    {
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i].Role == NodeRole.Loop)
            {
                nodes[i].Body = Body(nodes, graph.Body(i).ToArray());
            }
        }
    }

    private static CompiledBody Body(CompiledNode[] nodes, int[] places)
    {
        var body = new CompiledBody([.. places.Select(i => nodes[i])]);
        for (var place = 0; place < body.Nodes.Length; place++)
        {
            body.Nodes[place].Place = place;
        }

        return body;
    }

    private ICompiledSettings? Output(WorkflowDefinition definition)
    {
        try
        {
            return definition.Output is { } output ? settings.CompileValue(output) : null;
        }
        catch (ExpressionException e)
        {
            throw new WorkflowFaultException(e.Code, $"The output of the workflow: {e.Message}");
        }
    }
}

/// <summary>A definition that cannot run.</summary>
internal sealed class WorkflowFaultException(string code, string message, string? node = null) : Exception(message)
{
    /// <summary>A stable code.</summary>
    public string Code => code;

    /// <summary>The node, when it is about one.</summary>
    public string? Node => node;
}

using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Definition.Rules;

/// <summary>Edges: their ends, their ports, and what flows through them.</summary>
internal static class EdgeRules
{
    /// <summary>The port of a node that is set to go on after a failure.</summary>
    public const string ErrorPort = "error";

    public static void Check(WorkflowGraph graph, ProblemList problems)
    {
        var edges = graph.Definition.Edges;
        var ids = new HashSet<string>(edges.Count, StringComparer.Ordinal);
        var ends = new HashSet<(int, string, int, string)>(edges.Count);
        for (var edge = 0; edge < edges.Count; edge++)
        {
            var drawn = edges[edge];
            if (!WorkflowNames.IsId(drawn.Id))
            {
                Report(graph, problems, edge, "id", $"An edge's id is a letter, then letters, digits and _, at most {WorkflowBounds.IdLength}.", false);
            }
            else if (!ids.Add(drawn.Id))
            {
                Report(graph, problems, edge, "id_taken", $"Two edges have the id \"{drawn.Id}\": rename one.", false);
            }

            if (graph.Source(edge) < 0)
            {
                var missing = graph.IndexOf(drawn.From ?? string.Empty) < 0 ? drawn.From : drawn.To;
                Report(graph, problems, edge, "unknown_node", $"The edge leads to or from \"{WorkflowNames.Short(missing)}\", which is not there: remove it.");
            }
            else if (Fault(graph, edge) is var (code, message))
            {
                Report(graph, problems, edge, code, message, mend: Mend(graph, edge, code));
            }
            else if (!ends.Add((graph.Source(edge), drawn.FromPort, graph.Target(edge), drawn.ToPort)))
            {
                Report(graph, problems, edge, "duplicate_edge", "The two nodes are connected twice in the same way: remove one edge.");
            }
        }
    }

    /// <summary>What is wrong with the ports of an edge whose nodes exist; null when nothing is.</summary>
    public static (string Code, string Message)? Fault(WorkflowGraph graph, int edge)
    {
        var (drawn, source, target) = (graph.Edge(edge), graph.Source(edge), graph.Target(edge));
        if (graph.Kind(source) is not { } from || graph.Kind(target) is not { } to)
        {
            return null;
        }

        if (Output(from, graph.Node(source), drawn.FromPort) is not { } output)
        {
            return drawn.FromPort == ErrorPort
                ? ("error_port_off", $"\"{Name(graph, source)}\" has an error port only when \"on error\" is set to it.")
                : ("unknown_port", $"\"{Name(graph, source)}\" has no output \"{WorkflowNames.Short(drawn.FromPort)}\"; it has {Ports(Outputs(from, graph.Node(source)))}.");
        }

        var inputs = to.Description.Inputs;
        if (Find(inputs, drawn.ToPort) is not { } input)
        {
            return ("unknown_port", inputs.Count == 0
                ? $"\"{Name(graph, target)}\" starts runs, so nothing can lead into it: remove the edge."
                : $"\"{Name(graph, target)}\" has no input \"{WorkflowNames.Short(drawn.ToPort)}\"; it has {Ports(inputs)}.");
        }

        return Fits(output, input) ? null : ("port_type", $"\"{Name(graph, source)}\" gives {output.Accepts}, \"{Name(graph, target)}\" takes {input.Accepts}: put a node between.");
    }

    /// <summary>The output ports of a node as it is set now, the error port left out.</summary>
    public static IReadOnlyList<NodePort> Outputs(INodeKind kind, WorkflowNode node)
    {
        try
        {
            return kind.Outputs(node.Settings);
        }
        catch (Exception unreadable) when (unreadable is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // Settings that the schema refuses may be more than a kind is ready for.
            return kind.Description.Outputs;
        }
    }

    private static NodePort? Output(INodeKind kind, WorkflowNode node, string name) =>
        name == ErrorPort && node.OnError == OnNodeError.Port ? new NodePort(ErrorPort) : Find(Outputs(kind, node), name);

    private static NodePort? Find(IReadOnlyList<NodePort> ports, string name)
    {
        foreach (var port in ports)
        {
            if (port.Name == name)
            {
                return port;
            }
        }

        return null;
    }

    private static bool Fits(NodePort output, NodePort input) => output.Accepts == "any" || input.Accepts == "any" || output.Accepts == input.Accepts;

    private static IReadOnlyList<WorkflowOperation> Mend(WorkflowGraph graph, int edge, string code)
    {
        var drawn = graph.Edge(edge);
        return code switch
        {
            "error_port_off" => [new SetNode(graph.Node(graph.Source(edge)) with { OnError = OnNodeError.Port })],
            "port_type" => [],
            _ => [new RemoveEdge(drawn.Id)],
        };
    }

    private static void Report(
        WorkflowGraph graph, ProblemList problems, int edge, string code, string message, bool removable = true, IReadOnlyList<WorkflowOperation>? mend = null)
    {
        var drawn = graph.Edge(edge);
        var field = $"edges.{WorkflowNames.Short(drawn.Id)}";
        mend ??= removable ? [new RemoveEdge(drawn.Id)] : [];
        var node = graph.Source(edge) >= 0 ? graph.Source(edge) : Math.Max(graph.IndexOf(drawn.From ?? string.Empty), graph.IndexOf(drawn.To ?? string.Empty));
        if (node >= 0)
        {
            problems.Add(node, code, field, message, mend: mend);
        }
        else
        {
            problems.Add(code, field, message, mend: mend);
        }
    }

    private static string Name(WorkflowGraph graph, int node) => WorkflowNames.Short(graph.Node(node).Name);

    private static string Ports(IReadOnlyList<NodePort> ports) => string.Join(", ", ports.Take(8).Select(port => port.Name));
}

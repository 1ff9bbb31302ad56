using System.Text.Json;
using System.Text.Json.Nodes;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Definition.Rules;

/// <summary>The graph as a whole: cycles, loops and their bodies, joins, triggers, and nodes that nothing leads to.</summary>
internal static class FlowRules
{
    private const string ManualTrigger = "manual_trigger";

    public static void Check(WorkflowGraph graph, ProblemList problems)
    {
        CheckIds(graph, problems);
        if (graph.Cycle.Count > 0)
        {
            problems.Add(graph.IndexOf(graph.Cycle[0]), "cycle", "edges", CycleMessage(graph), mend: CycleMend(graph));
        }

        CheckTriggers(graph, problems);
        var reached = Reached(graph);
        for (var node = 0; node < graph.Count; node++)
        {
            CheckBody(graph, problems, node);
            CheckLoop(graph, problems, node);
            CheckMerge(graph, problems, node);
            CheckInputs(graph, problems, node, reached);
        }
    }

    /// <summary>Says which way leads round.</summary>
    public static string CycleMessage(WorkflowGraph graph)
    {
        var names = graph.Cycle.Select(id => $"\"{WorkflowNames.Short(id)}\"").ToArray();
        var way = names.Length <= 8 ? string.Join(" → ", names) : $"{string.Join(" → ", names[..7])} → … → {names[^1]}";
        return $"The edges lead round: {way}. Remove one, or use a loop node.";
    }

    private static IReadOnlyList<WorkflowOperation> CycleMend(WorkflowGraph graph)
    {
        // The edge that goes back to the first node of the round, as people see it: the one against the order of the list.
        var steps = graph.Cycle.Zip(graph.Cycle.Skip(1)).ToArray();
        var back = steps.MaxBy(step => graph.IndexOf(step.First) - graph.IndexOf(step.Second));
        return graph.Definition.Edges.FirstOrDefault(edge => edge.From == back.First && edge.To == back.Second) is { } edge ? [new RemoveEdge(edge.Id)] : [];
    }

    private static void CheckIds(WorkflowGraph graph, ProblemList problems)
    {
        for (var node = 0; node < graph.Count; node++)
        {
            var id = graph.Node(node).Id;
            if (!WorkflowNames.IsId(id))
            {
                problems.Add(node, "id", "id", $"\"{WorkflowNames.Short(id)}\" cannot be an id: use a letter, then letters, digits and _, at most {WorkflowBounds.IdLength}.");
            }
            else if (graph.IndexOf(id) != node)
            {
                problems.Add(node, "id_taken", "id", $"Two nodes have the id \"{id}\": rename one.");
            }
        }
    }

    private static void CheckTriggers(WorkflowGraph graph, ProblemList problems)
    {
        var triggers = Enumerable.Range(0, graph.Count).Where(node => graph.Role(node) == NodeRole.Trigger).ToArray();
        if (triggers.Length == 0)
        {
            problems.Add("no_trigger", "nodes", "Nothing starts this workflow: add a trigger, such as \"Start by hand\".", mend: TriggerMend(graph));
        }

        foreach (var extra in triggers.Where(node => IsKind(graph, node, "chat")).Skip(1))
        {
            problems.Add(extra, "chat_twice", null, "A workflow has one chat trigger at most: remove this one.", mend: Removal(graph, extra));
        }

        if (!triggers.Any(node => IsKind(graph, node, "webhook")))
        {
            foreach (var respond in Enumerable.Range(0, graph.Count).Where(node => graph.Role(node) == NodeRole.Respond))
            {
                problems.Add(respond, "no_webhook", null, "No request waits for this answer: add a webhook trigger, or run it through the API.", ProblemSeverity.Warning);
            }
        }
    }

    /// <summary>Starting by hand at the one node that nothing leads to, where there is one.</summary>
    private static WorkflowOperation[] TriggerMend(WorkflowGraph graph)
    {
        var first = Enumerable.Range(0, graph.Count).Where(node => graph.Incoming(node).Length == 0).ToArray();
        if (first is not [var root] || graph.Kind(root)?.Description.Inputs is not [var input, ..] || graph.IndexOf("start") >= 0
            || graph.Definition.Edges.Any(edge => edge.Id == "from_start"))
        {
            return [];
        }

        var (x, y) = (graph.Node(root).X, graph.Node(root).Y);
        return
        [
            new AddNode(new WorkflowNode { Id = "start", Kind = ManualTrigger, Name = "Start by hand", X = x - 320, Y = y }, 0),
            new AddEdge(new WorkflowEdge("from_start", "start", "out", graph.Node(root).Id, input.Name)),
        ];
    }

    private static bool IsKind(WorkflowGraph graph, int node, string word) => graph.Node(node).Kind.Contains(word, StringComparison.Ordinal);

    private static WorkflowOperation[] Removal(WorkflowGraph graph, int node)
    {
        List<WorkflowOperation> operations = [];
        foreach (var edge in graph.Outgoing(node))
        {
            operations.Add(new RemoveEdge(graph.Edge(edge).Id));
        }

        return [.. operations, new RemoveNode(graph.Node(node).Id)];
    }

    private static bool[] Reached(WorkflowGraph graph)
    {
        var (reached, next) = (new bool[graph.Count], new Stack<int>());
        for (var node = 0; node < graph.Count; node++)
        {
            if (graph.Role(node) == NodeRole.Trigger)
            {
                reached[node] = true;
                next.Push(node);
            }
        }

        while (next.TryPop(out var node))
        {
            foreach (var edge in graph.Outgoing(node))
            {
                if (graph.Target(edge) is var target && !reached[target])
                {
                    reached[target] = true;
                    next.Push(target);
                }
            }
        }

        return reached;
    }

    /// <summary>All edges into a node come from the same place: the same loop's body, or outside every loop.</summary>
    private static void CheckBody(WorkflowGraph graph, ProblemList problems, int node)
    {
        if (graph.Cycle.Count > 0 || graph.Incoming(node) is not [var first, .. var others])
        {
            return;
        }

        foreach (var edge in others)
        {
            var (one, other) = (graph.LoopBehind(first), graph.LoopBehind(edge));
            if (one != other)
            {
                // The loop further in is the one whose iterations cannot be told apart outside of it.
                var inner = IsInside(graph, other, one) ? other : one;
                var wrong = inner == other ? edge : first;
                problems.Add(
                    node, "loop_body", $"edges.{WorkflowNames.Short(graph.Edge(wrong).Id)}",
                    $"One edge comes from inside the loop \"{Name(graph, inner)}\", another does not: connect its \"done\" instead.",
                    mend: new RemoveEdge(graph.Edge(wrong).Id));
                return;
            }
        }
    }

    private static bool IsInside(WorkflowGraph graph, int loop, int of)
    {
        if (of < 0)
        {
            return loop >= 0;
        }

        for (var around = loop < 0 ? -1 : graph.Loop(loop); around >= 0; around = graph.Loop(around))
        {
            if (around == of)
            {
                return true;
            }
        }

        return false;
    }

    private static void CheckLoop(WorkflowGraph graph, ProblemList problems, int node)
    {
        if (graph.Role(node) != NodeRole.Loop)
        {
            return;
        }

        foreach (var edge in graph.Outgoing(node))
        {
            if (graph.EntersBody(edge))
            {
                return;
            }
        }

        problems.Add(node, "loop_empty", null, "The loop repeats nothing: connect its \"each\" to the first node to repeat.", ProblemSeverity.Warning);
    }

    private static void CheckMerge(WorkflowGraph graph, ProblemList problems, int node)
    {
        if (graph.Role(node) != NodeRole.Merge || graph.Incoming(node).Length is not (> 0 and var branches))
        {
            return;
        }

        if (branches == 1)
        {
            problems.Add(node, "merge_single", null, "Only one branch comes in, so there is nothing to join.", ProblemSeverity.Warning);
        }

        if (Text(graph.Node(node), "mode") == "count" && Count(graph.Node(node)) is { } wanted && wanted > branches)
        {
            problems.Add(
                node, "merge_count", "/count", $"It waits for {wanted} branches, but only {branches} come in: lower the count.", mend: WithCount(graph.Node(node), branches));
        }
    }

    private static string? Text(WorkflowNode node, string name) =>
        node.Settings.ValueKind == JsonValueKind.Object && node.Settings.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Count(WorkflowNode node) =>
        node.Settings.TryGetProperty("count", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) ? count : null;

    private static SetNode WithCount(WorkflowNode node, int count)
    {
        var settings = JsonNode.Parse(node.Settings.GetRawText())!;
        settings["count"] = count;
        return new SetNode(node with { Settings = JsonElement.Parse(settings.ToJsonString(WorkflowJson.Compact.Options)) });
    }

    private static void CheckInputs(WorkflowGraph graph, ProblemList problems, int node, bool[] reached)
    {
        if (!reached[node])
        {
            problems.Add(node, "unreachable", null, "No trigger leads here, so it never runs: connect it or delete it.", ProblemSeverity.Warning);
            return;
        }

        if (graph.Kind(node)?.Description is not { Inputs: { Count: > 1 } inputs, Role: not NodeRole.Merge })
        {
            return;
        }

        foreach (var input in inputs)
        {
            var connected = false;
            foreach (var edge in graph.Incoming(node))
            {
                connected |= graph.Edge(edge).ToPort == input.Name;
            }

            if (!connected)
            {
                problems.Add(node, "input_missing", input.Name, $"Nothing leads into the input \"{(input.Label.Length > 0 ? input.Label : input.Name)}\": connect it.");
            }
        }
    }

    private static string Name(WorkflowGraph graph, int node) => node < 0 ? string.Empty : WorkflowNames.Short(graph.Node(node).Name);
}

using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Definition.Rules;

/// <summary>What templates may refer to: nodes that have ended when the template is evaluated, and a loop's item inside its body.</summary>
internal static class TemplateRules
{
    public static void Check(WorkflowGraph graph, ProblemList problems, int node, IReadOnlyList<TemplateReference> references)
    {
        foreach (var reference in references)
        {
            if (reference.Node is not { } id)
            {
                if (graph.Loop(node) < 0 && !reference.Late)
                {
                    problems.Add(node, "template_outside_loop", reference.Field, "There is no item here: the node is in no loop's body.");
                }
            }
            else if (graph.IndexOf(id) is var other && other < 0)
            {
                Unknown(graph, problems, node, reference, id);
            }
            else if (!Knows(graph, node, other, reference.Late))
            {
                problems.Add(node, "template_later_node", reference.Field, Later(graph, node, other));
            }
        }
    }

    /// <summary>The output mapping sees every node that is in no loop's body.</summary>
    public static void CheckOutput(WorkflowGraph graph, ProblemList problems)
    {
        if (graph.Definition.Output is not { } output || JsonBounds.Look(output) is not null)
        {
            return;
        }

        foreach (var reference in TemplateScan.Find(output, null))
        {
            if (reference.Node is null)
            {
                problems.Add("template_outside_loop", "output" + reference.Field, "There is no item at the end of a run: refer to the loop's output.");
            }
            else if (graph.IndexOf(reference.Node) is var node && node < 0)
            {
                problems.Add("template_unknown_node", "output" + reference.Field, UnknownMessage(reference.Node, Nearest(graph, reference.Node)));
            }
            else if (graph.Loop(node) >= 0)
            {
                problems.Add("template_later_node", "output" + reference.Field, InLoop(graph, node));
            }
        }
    }

    private static bool Knows(WorkflowGraph graph, int node, int other, bool late)
    {
        if (graph.Cycle.Count > 0 || graph.IsUpstream(other, node))
        {
            return true;
        }

        // A loop's result is evaluated at the end of an iteration, when its body has run.
        return late && graph.Role(node) == NodeRole.Loop && graph.Loop(other) == node;
    }

    private static void Unknown(WorkflowGraph graph, ProblemList problems, int node, TemplateReference reference, string id)
    {
        var nearest = Nearest(graph, id);
        problems.Add(
            node, "template_unknown_node", reference.Field, UnknownMessage(id, nearest),
            mend: nearest is null ? [] : [new SetNode(SettingMend.Replace(graph.Node(node), reference.Field, $"nodes.{id}", $"nodes.{nearest}"))]);
    }

    private static string UnknownMessage(string id, string? nearest) => nearest is null
        ? $"There is no node \"{WorkflowNames.Short(id)}\": choose one that runs before."
        : $"There is no node \"{WorkflowNames.Short(id)}\": did you mean \"{nearest}\"?";

    private static string Later(WorkflowGraph graph, int node, int other) => other == node
        ? "A node cannot use its own output: use {{data}} for what comes in."
        : graph.Loop(other) >= 0 && graph.IsUpstream(graph.Loop(other), node) && graph.Loop(node) != graph.Loop(other)
            ? InLoop(graph, other)
            : $"\"{WorkflowNames.Short(graph.Node(other).Name)}\" does not run before this node: connect it before, or use another.";

    private static string InLoop(WorkflowGraph graph, int node) =>
        $"\"{WorkflowNames.Short(graph.Node(node).Name)}\" runs inside a loop: use the output of \"{WorkflowNames.Short(graph.Node(graph.Loop(node)).Id)}\" instead.";

    /// <summary>The id that somebody may have meant: the same but for case, or a letter or two away.</summary>
    private static string? Nearest(WorkflowGraph graph, string id)
    {
        if (id.Length is 0 or > WorkflowBounds.IdLength)
        {
            return null;
        }

        var (nearest, least) = ((string?)null, id.Length <= 4 ? 2 : 3);
        foreach (var node in graph.Definition.Nodes)
        {
            if (Math.Abs(node.Id.Length - id.Length) < least && WorkflowNames.IsId(node.Id) && Distance(node.Id, id) is var distance && distance < least)
            {
                (nearest, least) = (node.Id, distance);
            }
        }

        return nearest;
    }

    private static int Distance(string one, string other)
    {
        Span<int> row = stackalloc int[WorkflowBounds.IdLength + 1];
        for (var i = 0; i <= other.Length; i++)
        {
            row[i] = i;
        }

        for (var i = 1; i <= one.Length; i++)
        {
            var corner = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var cost = char.ToLowerInvariant(one[i - 1]) == char.ToLowerInvariant(other[j - 1]) ? 0 : 1;
                (corner, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, corner + cost));
            }
        }

        return row[other.Length];
    }
}

using System.Text.Json;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Tests.Core.Workflows.Definition;

/// <summary>Random definitions over the kinds of the tests. Nodes have numbers; edges lead from smaller to larger ones, so that there is never a cycle.</summary>
internal static class Drawing
{
    private const int Numbers = 24;

    private static readonly string[] Kinds = ["set", "set", "if", "need"];

    public static WorkflowDefinition Of(int seed)
    {
        var random = new Random(seed);
        var nodes = Enumerable.Range(0, Numbers).Where(_ => random.Next(3) > 0).OrderBy(_ => random.Next()).Select(i => Node(i, random)).ToArray();
        return new WorkflowDefinition
        {
            Name = $"Workflow {random.Next(3)}",
            Description = random.Next(2) == 0 ? "" : "Says \"what\"\nit does ö",
            Tags = [.. Enumerable.Range(0, random.Next(3)).Select(i => $"tag{i}")],
            Input = random.Next(2) == 0 ? null : JsonElement.Parse("""{"type":"object"}"""),
            Limits = new WorkflowLimits(random.Next(2) == 0 ? null : 60, Cost: random.Next(3) switch { 0 => null, 1 => 1.0m, _ => 1.00m }),
            Nodes = nodes,
            Edges = [.. Edges(nodes, random).OrderBy(_ => random.Next())],
            Groups = [.. Enumerable.Range(0, 5).Where(_ => random.Next(2) > 0).OrderBy(_ => random.Next()).Select(i => new WorkflowGroup($"g{i}", $"Group {random.Next(2)}", random.Next(2), 0, 10, 10))],
            Notes = [.. Enumerable.Range(0, 5).Where(_ => random.Next(2) > 0).OrderBy(_ => random.Next()).Select(i => new WorkflowNote($"t{i}", $"Note {random.Next(2)}", random.Next(2), 0, 10, 10))],
        };
    }

    /// <summary>Some of the nodes that may be touched changed, removed or added, with the edges between them.</summary>
    public static WorkflowDefinition Changed(WorkflowDefinition before, int seed, Func<int, bool> mayTouch)
    {
        var random = new Random(seed);
        bool Touched(string id) => mayTouch(int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture));
        bool Both(WorkflowEdge edge) => Touched(edge.From) && Touched(edge.To);

        // Only what hangs on touched nodes alone is removed: an edge to a node of the other's would be a conflict.
        var tied = before.Edges.Where(edge => !Both(edge)).SelectMany(edge => new[] { edge.From, edge.To }).ToHashSet();
        var kept = before.Nodes.Where(node => !Touched(node.Id) || tied.Contains(node.Id) || random.Next(4) > 0)
            .Select(node => Touched(node.Id) && random.Next(2) == 0 ? Other(node, random) : node).ToList();
        var ids = kept.Select(node => node.Id).ToHashSet();
        kept.AddRange(Enumerable.Range(0, Numbers).Where(i => mayTouch(i) && before.Nodes.All(node => node.Id != $"n{i}") && random.Next(2) == 0).Select(i => Node(i, random)));
        return before with
        {
            Nodes = kept,
            Edges = [.. before.Edges.Where(edge => ids.Contains(edge.From) && ids.Contains(edge.To) && (!Both(edge) || random.Next(4) > 0))],
        };
    }

    private static WorkflowNode Node(int number, Random random)
    {
        var kind = Kinds[number % Kinds.Length];
        return new WorkflowNode { Id = $"n{number}", Kind = kind, Name = $"Node {random.Next(3)}", X = random.Next(3) * 10.5, Y = random.Next(3), Settings = Settings(kind, random) };
    }

    private static WorkflowNode Other(WorkflowNode node, Random random) => random.Next(4) switch
    {
        0 => node with { X = node.X + 1 },
        1 => node with { Settings = Settings(node.Kind, random), Name = "Other" },
        2 => node with { Disabled = !node.Disabled, Retry = new NodeRetry(2, 0) },
        _ => node with { Comment = $"Comment {random.Next(9)}", Pinned = JsonElement.Parse("""{"a":[1,2.50]}""") },
    };

    private static JsonElement Settings(string kind, Random random) => JsonElement.Parse(kind switch
    {
        "set" => random.Next(3) switch { 0 => "{}", 1 => """{"text":"a","times":3}""", _ => """{"times":3,"text":"{{data}} \u00f6"}""" },
        "need" => """{"url":"https://example.org/?a=1&b=2"}""",
        _ => "{}",
    });

    private static IEnumerable<WorkflowEdge> Edges(WorkflowNode[] nodes, Random random)
    {
        var byNumber = nodes.OrderBy(node => int.Parse(node.Id[1..], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        for (var to = 1; to < byNumber.Length; to++)
        {
            var from = byNumber[random.Next(to)];
            yield return new WorkflowEdge($"e{from.Id}{byNumber[to].Id}", from.Id, from.Kind == "if" ? "true" : "out", byNumber[to].Id, "in");
        }
    }
}

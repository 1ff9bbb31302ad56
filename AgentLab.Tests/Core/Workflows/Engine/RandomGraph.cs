using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Tests.Fakes.Workflows;

namespace AgentLab.Tests.Core.Workflows.Engine;

/// <summary>
/// Random acyclic workflows of nodes that pass on, choose, join, loop, wait, stumble, fail, work inside their step and run other workflows; and which of their nodes must run,
/// worked out directly.
/// </summary>
internal sealed class RandomGraph
{
    /// <summary>The workflow that sub-workflow nodes run, by its name.</summary>
    public const string Inner = "inner";

    private static readonly string[] Bodies = ["work", "work", "flaky", "talk", "pause"];

    private readonly Dictionary<string, (string Kind, int Needed, string Port)> _nodes = [];
    private readonly List<(string From, string Port, string To)> _edges = [];

    private RandomGraph(int seed, bool allModes, bool deadly)
    {
        var random = new Random(seed);
        _nodes["start"] = ("manual_trigger", 0, "out");
        var open = new List<string> { "start" };
        for (var i = 1; i <= random.Next(3, 14); i++)
        {
            var id = $"n{i}";
            var entering = Enumerable.Range(0, random.Next(1, 4)).Select(_ => open[random.Next(open.Count)]).Distinct().ToList();
            var mode = entering.Count > 1 && random.Next(2) == 0 ? allModes ? random.Next(1, entering.Count + 1) : 0 : -1;
            var kind = mode >= 0 ? "merge" : deadly && random.Next(6) == 0 ? random.Next(2) == 0 ? "dies" : "stop" : KindOf(random.Next(16));
            _nodes[id] = (kind, Math.Max(0, mode), kind switch { "choose" => random.Next(2) == 0 ? "a" : "b", "loop" => "done", "broken" => "error", _ => "out" });
            foreach (var from in entering)
            {
                _edges.Add((from, _nodes[from].Kind switch { "choose" => random.Next(2) == 0 ? "a" : "b", "broken" => random.Next(3) == 0 ? "out" : "error", _ => _nodes[from].Port }, id));
            }

            if (kind == "loop")
            {
                // A body of its own: what it leads to hangs on "done".
                _nodes[$"{id}x"] = (Bodies[random.Next(Bodies.Length)], 0, "out");
                _nodes[$"{id}y"] = ("transform", 0, "out");
                _edges.Add((id, "each", $"{id}x"));
                _edges.Add(($"{id}x", "out", $"{id}y"));
            }

            if (kind != "stop")
            {
                open.Add(id);
            }
        }
    }

    /// <param name="seed">Makes the same graph again.</param>
    /// <param name="allModes">Joins of some inputs too: their values depend on who was first.</param>
    /// <param name="deadly">With nodes that fail or stop the whole run.</param>
    public static RandomGraph Of(int seed, bool allModes = true, bool deadly = false) => new(seed, allModes, deadly);

    /// <summary>The workflow that runs inside nodes of these graphs.</summary>
    public static WorkflowDefinition InnerDefinition() =>
        new Drawn().Node("a").Node("b", "transform", """{"output":"json","json":{"in":"{{data}}"}}""").Path("start > a > b").Done("Inner");

    /// <summary>Makes the nodes answer as this graph has it.</summary>
    public void Prepare(Bench bench)
    {
        bench.Answers.Clear();
        foreach (var (id, (kind, _, _)) in _nodes)
        {
            var steps = IsInBody(id) ? Enumerable.Range(0, 3).Select(i => $"{id}[{i}]") : [id];
            foreach (var step in steps.Where(_ => kind is "flaky" or "broken" or "dies"))
            {
                bench.Answers[step] = call => kind == "flaky" && call.Attempt > 1 ? NodeResult.Of(call.Data) : new NodeResult.Failed(kind, "It broke.", CanRetry: kind == "flaky");
            }
        }
    }

    public WorkflowDefinition Definition()
    {
        var drawn = new Drawn();
        foreach (var (id, (kind, needed, port)) in _nodes.Skip(1))
        {
            var settings = kind switch
            {
                "choose" => $$"""{"port":"{{port}}"}""",
                "merge" => needed == 0 ? """{"mode":"all"}""" : $$"""{"mode":"count","count":{{needed}}}""",
                "loop" => """{"items":[1,2,3],"parallel":2}""",
                "transform" => """{"output":"json","json":{"d":"{{data}}"}}""",
                "pause" => """{"kind":"webhook"}""",
                "sub" => $$"""{"workflow":"{{Inner}}"}""",
                "stop" => """{"as":"completed"}""",
                _ => "{}",
            };
            drawn.Node(id, kind switch { "flaky" or "broken" or "dies" => "work", "sub" => "sub_workflow", _ => kind }, settings, node => kind switch
            {
                "flaky" => node with { Retry = new NodeRetry(3, 0, 0) },
                "broken" => node with { OnError = OnNodeError.Port },
                _ => node,
            });
        }

        foreach (var (from, port, to) in _edges)
        {
            drawn.Edge(from, to, port);
        }

        return drawn.Limits(new WorkflowLimits(Parallel: 3)).Done();
    }

    /// <summary>The edges that lead to a node of the top level.</summary>
    public IEnumerable<(string From, string Port)> Entering(string node) => _edges.Where(e => e.To == node).Select(e => (e.From, e.Port));

    public bool IsMerge(string node) => _nodes[node].Kind == "merge";

    /// <summary>The steps that must have come to an end.</summary>
    public HashSet<string> Running()
    {
        var running = new HashSet<string> { "start" };
        foreach (var (id, (kind, needed, _)) in _nodes.Skip(1).Where(n => !IsInBody(n.Key)))
        {
            var live = Entering(id).Count(e => running.Contains(e.From) && _nodes[e.From].Port == e.Port);
            if (live < Math.Max(1, needed))
            {
                continue;
            }

            running.Add(id);
            if (kind == "loop")
            {
                running.UnionWith(Enumerable.Range(0, 3).SelectMany(i => new[] { $"{id}x[{i}]", $"{id}y[{i}]" }));
            }
            else if (kind == "sub")
            {
                running.UnionWith([$"{id}/start", $"{id}/a", $"{id}/b"]);
            }
        }

        return running;
    }

    private static bool IsInBody(string id) => id.EndsWith('x') || id.EndsWith('y');

    private static string KindOf(int chance) => chance switch
    {
        < 3 => "choose",
        < 5 => "loop",
        < 7 => "flaky",
        < 8 => "broken",
        < 10 => "talk",
        < 11 => "pause",
        < 12 => "sub",
        < 14 => "work",
        _ => "transform",
    };
}

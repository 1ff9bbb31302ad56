using AgentLab.Core.Workflows.Definition;
using AgentLab.Tests.Fakes.Workflows;

namespace AgentLab.Tests.Core.Workflows.Engine;

/// <summary>Random acyclic workflows of nodes that pass on, choose, join and loop; and which of their nodes must run, worked out directly.</summary>
internal sealed class RandomGraph
{
    private readonly Dictionary<string, (string Kind, int Needed, string Port)> _nodes = [];
    private readonly List<(string From, string Port, string To)> _edges = [];

    private RandomGraph(int seed, bool allModes)
    {
        var random = new Random(seed);
        _nodes["start"] = ("manual_trigger", 0, "out");
        var open = new List<string> { "start" };
        for (var i = 1; i <= random.Next(3, 14); i++)
        {
            var id = $"n{i}";
            var entering = Enumerable.Range(0, random.Next(1, 4)).Select(_ => open[random.Next(open.Count)]).Distinct().ToList();
            var mode = entering.Count > 1 && random.Next(2) == 0 ? allModes ? random.Next(1, entering.Count + 1) : 0 : -1;
            var kind = mode >= 0 ? "merge" : random.Next(10) switch { < 3 => "choose", < 5 => "loop", < 8 => "work", _ => "transform" };
            _nodes[id] = (kind, Math.Max(0, mode), kind switch { "choose" => random.Next(2) == 0 ? "a" : "b", "loop" => "done", _ => "out" });
            foreach (var from in entering)
            {
                _edges.Add((from, _nodes[from].Kind == "choose" ? random.Next(2) == 0 ? "a" : "b" : _nodes[from].Port, id));
            }

            if (kind == "loop")
            {
                // A body of its own: what it leads to hangs on "done".
                _nodes[$"{id}x"] = ("work", 0, "out");
                _nodes[$"{id}y"] = ("transform", 0, "out");
                _edges.Add((id, "each", $"{id}x"));
                _edges.Add(($"{id}x", "out", $"{id}y"));
            }

            open.Add(id);
        }
    }

    public static RandomGraph Of(int seed, bool allModes = true) => new(seed, allModes);

    public WorkflowDefinition Definition()
    {
        var drawn = new Drawn();
        foreach (var (id, (kind, needed, port)) in _nodes.Skip(1))
        {
            drawn.Node(id, kind, kind switch
            {
                "choose" => $$"""{"port":"{{port}}"}""",
                "merge" => needed == 0 ? """{"mode":"all"}""" : $$"""{"mode":"count","count":{{needed}}}""",
                "loop" => """{"items":[1,2,3],"parallel":2}""",
                "transform" => """{"output":"json","json":{"d":"{{data}}"}}""",
                _ => "{}",
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

    /// <summary>The steps that must have a value at the end.</summary>
    public HashSet<string> Running()
    {
        var running = new HashSet<string> { "start" };
        foreach (var (id, (kind, needed, _)) in _nodes.Skip(1).Where(n => !n.Key.EndsWith('x') && !n.Key.EndsWith('y')))
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
        }

        return running;
    }
}

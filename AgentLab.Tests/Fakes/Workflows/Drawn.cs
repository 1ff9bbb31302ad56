using System.Text.Json;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Tests.Fakes.Workflows;

/// <summary>Draws small workflows in few words: <c>new Drawn().Node("a", "work").Edge("start", "a")</c>.</summary>
internal sealed class Drawn
{
    private readonly List<WorkflowNode> _nodes = [new WorkflowNode { Id = "start", Kind = "manual_trigger", Name = "Start" }];
    private readonly List<WorkflowEdge> _edges = [];
    private WorkflowLimits _limits = new();
    private JsonElement? _input;
    private JsonElement? _output;

    public Drawn Node(string id, string kind = "work", string settings = "{}", Func<WorkflowNode, WorkflowNode>? with = null)
    {
        var node = new WorkflowNode { Id = id, Kind = kind, Name = id, Settings = JsonElement.Parse(settings) };
        _nodes.Add(with is null ? node : with(node));
        return this;
    }

    public Drawn Edge(string from, string to, string port = "out")
    {
        _edges.Add(new WorkflowEdge($"e{_edges.Count + 1}", from, port, to, "in"));
        return this;
    }

    /// <summary>Edges along a path: <c>"start > a > b"</c>; another port as <c>"if:true > b"</c>.</summary>
    public Drawn Path(string path)
    {
        var parts = path.Split('>', StringSplitOptions.TrimEntries);
        for (var i = 1; i < parts.Length; i++)
        {
            var from = parts[i - 1].Split(':');
            Edge(from[0], parts[i].Split(':')[0], from.Length > 1 ? from[1] : "out");
        }

        return this;
    }

    public Drawn Limits(WorkflowLimits limits)
    {
        _limits = limits;
        return this;
    }

    public Drawn Input(string schema)
    {
        _input = JsonElement.Parse(schema);
        return this;
    }

    public Drawn Output(string output)
    {
        _output = JsonElement.Parse(output);
        return this;
    }

    public WorkflowDefinition Done(string name = "Drawn") => new() { Name = name, Nodes = _nodes, Edges = _edges, Limits = _limits, Input = _input, Output = _output };
}

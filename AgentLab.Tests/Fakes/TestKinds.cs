using System.Text.Json;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Tests.Fakes;

/// <summary>Node kinds for tests of definitions: they have ports and settings of every sort, and do nothing.</summary>
public sealed class TestKinds : INodeKinds
{
    private readonly Dictionary<string, INodeKind> _byName;

    public TestKinds(params IEnumerable<INodeKind> kinds)
    {
        _byName = kinds.ToDictionary(kind => kind.Description.Kind, StringComparer.Ordinal);
        All = [.. _byName.Values];
    }

    public static TestKinds Usual { get; } = new(
        new TestKind("manual_trigger") { Role = NodeRole.Trigger, Inputs = [] },
        new TestKind("start") { Role = NodeRole.Trigger, Inputs = [] },
        new TestKind("chat_start") { Role = NodeRole.Trigger, Inputs = [] },
        new TestKind("webhook") { Role = NodeRole.Trigger, Inputs = [] },
        new TestKind("set")
        {
            Settings = """
                {"type":"object","properties":{"text":{"type":"string","maxLength":100},"times":{"type":"integer","minimum":1,"maximum":10},
                "raw":{"type":"string","x-template":false},"list":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"],"additionalProperties":false}}},
                "additionalProperties":false}
                """,
        },
        new TestKind("need") { Settings = """{"type":"object","properties":{"url":{"type":"string","title":"URL","minLength":1}},"required":["url"],"additionalProperties":false}""" },
        new TestKind("if") { Outputs = [new("true"), new("false")] },
        new SwitchKind(),
        new TestKind("count") { Inputs = [new("in", "", "list")], Outputs = [new("out", "", "number")] },
        new TestKind("write") { Outputs = [new("out", "", "text")] },
        new TestKind("merge")
        {
            Role = NodeRole.Merge,
            Settings = """{"type":"object","properties":{"mode":{"type":"string","enum":["all","any","count"]},"count":{"type":"integer","minimum":1}},"additionalProperties":false}""",
        },
        new TestKind("loop")
        {
            Role = NodeRole.Loop,
            Outputs = [new("each", "Each item"), new("done", "Done", "list")],
            Settings = """{"type":"object","properties":{"items":{},"result":{"type":"string","x-template":false}},"additionalProperties":false}""",
        },
        new TestKind("respond") { Role = NodeRole.Respond });

    public IReadOnlyList<INodeKind> All { get; }

    public INodeKind? Find(string kind) => _byName.GetValueOrDefault(kind);

    /// <summary>A switch: a port for each of its cases.</summary>
    private sealed class SwitchKind() : TestKind("switch"), INodeKind
    {
        IReadOnlyList<NodePort> INodeKind.Outputs(JsonElement settings) =>
            settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty("cases", out var cases) && cases.ValueKind == JsonValueKind.Array
                ? [.. cases.EnumerateArray().Select(one => new NodePort(one.GetString()!)), new NodePort("else")]
                : [new NodePort("else")];

        IEnumerable<SettingFault> INodeKind.Check(JsonElement settings) =>
            settings.TryGetProperty("cases", out _) ? [] : [new SettingFault("/cases", "setting_required", "Add at least one case.")];
    }
}

/// <summary>A node kind for tests of definitions.</summary>
public class TestKind(string name) : INodeKind
{
    private NodeDescription? _description;

    public NodeRole Role { get; init; } = NodeRole.Action;

    public IReadOnlyList<NodePort> Inputs { get; init; } = NodePort.In;

    public IReadOnlyList<NodePort> Outputs { get; init; } = NodePort.Out;

    public string Settings { get; init; } = """{"type":"object"}""";

    public NodeDescription Description => _description ??= new NodeDescription
    {
        Kind = name,
        Title = name,
        Group = "Data",
        Summary = "For tests.",
        Help = "For tests.",
        Icon = "M4 12h16",
        Example = JsonElement.Parse("{}"),
        Settings = JsonElement.Parse(Settings),
        Role = Role,
        Inputs = Inputs,
        Outputs = Outputs,
    };

    public ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken) => new(NodeResult.Of(call.Data));
}

/// <summary>Short ways to write definitions in tests.</summary>
public static class Draw
{
    /// <summary>Nodes as <c>id:kind</c>, edges as <c>from.port>to.port</c>, where <c>.out</c> and <c>.in</c> may be left out.</summary>
    public static WorkflowDefinition Workflow(string nodes, string edges = "") => new()
    {
        Name = "Test",
        Nodes = [.. Words(nodes).Select(Node)],
        Edges = [.. Words(edges).Select(Edge)],
    };

    public static WorkflowNode Node(string text) => Node(text, "{}");

    public static WorkflowNode Node(string text, string settings)
    {
        var (id, kind) = Halves(text, ':');
        return new WorkflowNode { Id = id, Kind = kind ?? "set", Name = id, Settings = JsonElement.Parse(settings) };
    }

    public static WorkflowEdge Edge(string text, int number)
    {
        var (from, to) = Halves(text, '>');
        var (source, output) = Halves(from, '.');
        var (target, input) = Halves(to!, '.');
        return new WorkflowEdge($"e{number}", source, output ?? "out", target, input ?? "in");
    }

    private static string[] Words(string text) => text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static (string First, string? Second) Halves(string text, char by) =>
        text.IndexOf(by, StringComparison.Ordinal) is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, null);
}

using System.Text.Json;
using AgentLab.Core.Identity;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Bench.Workflows;

/// <summary>The workflows that are measured.</summary>
internal static class BenchWorkflows
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    /// <summary>webhook → set → if → set → respond.</summary>
    public static WorkflowDefinition Hook { get; } = new()
    {
        Name = "Bench hook",
        Nodes =
        [
            Node("hook", "webhook_trigger", """{"slug":"bench","method":"POST","respond":"by_respond_node"}"""),
            Node("first", "set_values", """{"values":[{"name":"id","value":"{{data.body.order.id}}"},{"name":"total","value":"{{data.body.order.total}}"}]}"""),
            Node("check", "condition", """{"condition":{"all":[{"left":"{{data.total}}","operator":"greater","right":100}]}}"""),
            Node("second", "set_values", """{"values":[{"name":"note","value":"Order {{data.id}} is large"}],"keep":true}"""),
            Node("answer", "respond", """{"status":200,"body":{"order":"{{data.id}}","note":"{{data.note}}"}}"""),
        ],
        Edges = [Edge(1, "hook", "first"), Edge(2, "first", "check"), Edge(3, "check", "second", "true"), Edge(4, "second", "answer")],
    };

    /// <summary>A trigger and so many set nodes, one behind the other.</summary>
    public static WorkflowDefinition Chain(int nodes) => new()
    {
        Name = "Bench chain",
        Nodes = [Node("start", "manual_trigger", "{}"), .. Enumerable.Range(1, nodes).Select(n => Node($"n{n}", "set_values", """{"values":[{"name":"count","value":"{{data.count}}"}],"keep":true}"""))],
        Edges = [.. Enumerable.Range(1, nodes).Select(n => Edge(n, n == 1 ? "start" : $"n{n - 1}", $"n{n}"))],
    };

    /// <summary>A loop over the input's items with one set node in its body.</summary>
    public static WorkflowDefinition Loop { get; } = new()
    {
        Name = "Bench loop",
        Nodes =
        [
            Node("start", "manual_trigger", "{}"),
            Node("loop", "loop", """{"items":"{{input.items}}","max":10000}"""),
            Node("body", "set_values", """{"values":[{"name":"number","value":"{{item}}"}]}"""),
        ],
        Edges = [Edge(1, "start", "loop"), Edge(2, "loop", "body", "each")],
    };

    /// <summary>Saves and publishes a workflow for this person.</summary>
    public static async Task<Workflow> PublishAsync(IServiceProvider services, WorkflowDefinition definition, Actor actor, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<IWorkflowStore>();
        var made = await store.CreateAsync(definition, actor, cancellationToken);
        var created = made.Value ?? throw new InvalidOperationException(string.Join(" ", made.Errors.Select(e => $"{e.Field}: {e.Message}")));
        var published = await store.PublishAsync(created.Id, created.Revision, string.Empty, actor, cancellationToken);
        return published.Value ?? throw new InvalidOperationException(string.Join(" ", published.Errors.Select(e => $"{e.Field}: {e.Message}")));
    }

    private static WorkflowNode Node(string id, string kind, string settings) =>
        new() { Id = id, Kind = kind, Name = id, Settings = settings == "{}" ? Nothing : JsonElement.Parse(settings) };

    private static WorkflowEdge Edge(int number, string from, string to, string port = "out") => new($"e{number}", from, port, to, "in");
}

using System.Collections.Concurrent;
using System.Text.Json;
using AgentLab.Core.Schema;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Tests.Core.Workflows.Nodes;

/// <summary>Runs one node of a kind the way the engine does: settings compiled, evaluated and checked, then the kind.</summary>
internal sealed class NodeHarness
{
    public static readonly DateTimeOffset StartedAt = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);

    private static readonly SettingsCompiler Compiler = new();

    public RecordingJournal Journal { get; } = new();

    public bool DryRun { get; init; }

    public Dictionary<string, JsonElement> Nodes { get; } = new(StringComparer.Ordinal);

    public static JsonElement Json(string json) => JsonElement.Parse(json);

    public static ExpressionScope Scope(string data = "null", string input = "{}", IReadOnlyDictionary<string, JsonElement>? nodes = null) => new()
    {
        Input = Json(input),
        Data = Json(data),
        Node = id => nodes is not null && nodes.TryGetValue(id, out var output) ? output : null,
        Run = Json("""{"id": "run-1", "startedAt": "2026-03-01T09:30:00Z", "workflow": "orders", "session": "session-1"}"""),
    };

    public NodeCall Call(INodeKind kind, string settings, string data = "null", string input = "{}")
    {
        var written = Json(settings);
        var scope = Scope(data, input, Nodes);
        var evaluated = Compiler.Compile(written, kind.Description.Settings).Evaluate(scope);
        return new NodeCall
        {
            Node = new WorkflowNode { Id = "node", Kind = kind.Description.Kind, Name = "Node", Settings = written },
            Settings = evaluated,
            Data = scope.Data,
            Scope = scope,
            SessionId = SessionId.Parse("0195a000-0000-7000-8000-000000000001"),
            RunId = RunId.New(),
            StepId = "node",
            Attempt = 1,
            IdempotencyKey = "key-of-the-step",
            OwnerId = Guid.Parse("0195a000-0000-7000-8000-000000000002"),
            ProjectId = Guid.Parse("0195a000-0000-7000-8000-000000000003"),
            DryRun = DryRun,
            Journal = Journal,
            Attachments = NoAttachments.Instance,
        };
    }

    /// <summary>The result of running it with these settings.</summary>
    public async Task<NodeResult> RunAsync(INodeKind kind, string settings, string data = "null", string input = "{}", CancellationToken cancellationToken = default)
    {
        var call = Call(kind, settings, data, input);
        JsonSchema.Check(kind.Description.Settings, call.Settings).ShouldBeEmpty();
        return await kind.RunAsync(call, cancellationToken);
    }

    /// <summary>The value through the port that is expected.</summary>
    public async Task<JsonElement> OutputAsync(INodeKind kind, string settings, string data = "null", string port = "out", string input = "{}")
    {
        var completed = (await RunAsync(kind, settings, data, input)).ShouldBeOfType<NodeResult.Completed>();
        completed.Port.ShouldBe(port);
        return completed.Output;
    }

    /// <summary>The failure that is expected.</summary>
    public async Task<NodeResult.Failed> FailureAsync(INodeKind kind, string settings, string data = "null") =>
        (await RunAsync(kind, settings, data)).ShouldBeOfType<NodeResult.Failed>();
}

/// <summary>Keeps what a node writes inside its step.</summary>
internal sealed class RecordingJournal : INodeJournal
{
    public List<SessionEvent> Before { get; } = [];

    public ConcurrentQueue<(string? Sub, int Attempt, EventData Data)> Written { get; } = new();

    public IReadOnlyList<SessionEvent> Recorded => Before;

    public ValueTask<long> AppendAsync(string? sub, int attempt, IReadOnlyList<EventData> events, IReadOnlyList<Blob> blobs, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var data in events)
        {
            Written.Enqueue((sub, attempt, data));
        }

        return ValueTask.FromResult((long)Written.Count);
    }
}

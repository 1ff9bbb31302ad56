using System.Collections.Concurrent;
using System.Text.Json;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Tests.Fakes.Workflows;

/// <summary>What nodes of a test did, and what a test makes them do.</summary>
internal sealed class Bench
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();
    private int _running;

    /// <summary>Every execution: its step and its idempotency key.</summary>
    public ConcurrentQueue<(string Step, string Key, int Attempt)> Calls { get; } = new();

    /// <summary>What a step answers; by default what came in.</summary>
    public ConcurrentDictionary<string, Func<NodeCall, NodeResult>> Answers { get; } = new();

    /// <summary>How many executions go on just now.</summary>
    public int Running => _running;

    /// <summary>The most that ever went on at the same time.</summary>
    public int MostRunning { get; private set; }

    public int CallsOf(string step) => Calls.Count(c => c.Step == step);

    /// <summary>Holds a step until the gate is opened, or its token fires.</summary>
    public TaskCompletionSource Hold(string step) => _gates.GetOrAdd(step, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Waits until a step is being executed.</summary>
    public async Task ReachedAsync(string step)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (CallsOf(step) == 0)
        {
            await Task.Delay(10, limit.Token);
        }
    }

    public async ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken)
    {
        lock (_gates)
        {
            MostRunning = Math.Max(MostRunning, ++_running);
        }

        Calls.Enqueue((call.StepId, call.IdempotencyKey, call.Attempt));
        try
        {
            await Task.Yield();
            if (_gates.TryGetValue(call.StepId, out var gate))
            {
                await gate.Task.WaitAsync(cancellationToken);
            }

            return Answers.TryGetValue(call.StepId, out var answer) ? answer(call) : NodeResult.Of(call.Data);
        }
        finally
        {
            lock (_gates)
            {
                _running--;
            }
        }
    }
}

/// <summary>work: passes on what came in; may be repeated.</summary>
internal sealed class WorkKind(Bench bench) : INodeKind
{
    public NodeDescription Description { get; } = Kinds.Describe("work", new NodeEffect(ToolEffect.Read, true), NodePort.Out);

    public ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken) => bench.RunAsync(call, cancellationToken);
}

/// <summary>write: does something outside that may not be repeated.</summary>
internal sealed class WriteKind(Bench bench) : INodeKind
{
    public NodeDescription Description { get; } = Kinds.Describe("write", new NodeEffect(ToolEffect.External, false), NodePort.Out);

    public ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken) => bench.RunAsync(call, cancellationToken);
}

/// <summary>choose: a pure node that goes on through the port that its input names in <c>port</c>.</summary>
internal sealed class ChooseKind : INodeKind
{
    public NodeDescription Description { get; } = Kinds.Describe("choose", NodeEffect.None, [new NodePort("a"), new NodePort("b")]);

    public ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken) =>
        ValueTask.FromResult<NodeResult>(new NodeResult.Completed(call.Data, call.Settings.GetProperty("port").GetString()!));
}

/// <summary>pause: waits as its settings say.</summary>
internal sealed class PauseKind(TimeProvider time) : IWaitingKind
{
    public NodeDescription Description { get; } = Kinds.Describe("pause", NodeEffect.Read, NodePort.Out);

    public ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken)
    {
        var kind = call.Settings.GetProperty("kind").GetString()!;
        var seconds = call.Settings.TryGetProperty("seconds", out var given) ? given.GetDouble() : (double?)null;
        return ValueTask.FromResult<NodeResult>(new NodeResult.Waits(new NodeWait
        {
            Kind = kind,
            DueAt = seconds is { } later ? time.GetUtcNow().AddSeconds(later) : null,
            Key = kind == "webhook" ? $"key-{call.RunId}-{call.StepId}" : null,
            Question = kind is "approval" or "form"
                ? new ApprovalQuestion("Ship it?", "Look at the order.", call.Data, kind == "form" ? JsonElement.Parse("""{"type":"object","required":["name"]}""") : null)
                : null,
        }));
    }

    public ValueTask<NodeResult> ResumeAsync(NodeCall call, WaitEnd end, CancellationToken cancellationToken) =>
        ValueTask.FromResult(NodeResult.Of(JsonSerializer.SerializeToElement(new { cause = end.Cause, data = end.Data, reason = end.Reason })));
}

internal static class Kinds
{
    public static NodeDescription Describe(string kind, NodeEffect effect, IReadOnlyList<NodePort> outputs) => new()
    {
        Kind = kind,
        Title = kind,
        Group = "Tests",
        Summary = kind,
        Help = kind,
        Example = JsonElement.Parse("{}"),
        Icon = "M0 0",
        Settings = JsonElement.Parse("""{"type":"object","properties":{}}"""),
        Effect = effect,
        Outputs = outputs,
    };
}

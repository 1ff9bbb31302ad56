using System.Collections.Concurrent;
using System.Text.Json;
using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions.Events;
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

    /// <summary>How long work inside a step takes.</summary>
    public TimeSpan Moment { get; set; }

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
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
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

/// <summary>talk: asks twice inside its step, as an agent does; what is recorded is not asked for again.</summary>
internal sealed class TalkKind(Bench bench) : INodeKind
{
    private static readonly string[] Inside = ["model[1]", "model[2]"];

    public NodeDescription Description { get; } = Kinds.Describe("talk", new NodeEffect(ToolEffect.External, true), NodePort.Out);

    public async ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken)
    {
        foreach (var sub in Inside)
        {
            var before = call.Journal.Recorded.Where(e => e.StepId == $"{call.StepId}/{sub}").ToList();
            if (before.Exists(e => e.Data is StepCompleted))
            {
                continue;
            }

            var attempt = 1 + before.Select(e => e.Attempt).DefaultIfEmpty(0).Max();
            await call.Journal.AppendAsync(sub, attempt, [attempt == 1 ? new StepStarted("model", "m") : new StepRestarted("recovered")], [], cancellationToken);
            await bench.RunAsync(call, cancellationToken);
            await Task.Delay(bench.Moment, cancellationToken);
            await call.Journal.AppendAsync(sub, attempt, [new StepCompleted(1)], [], cancellationToken);
        }

        return NodeResult.Of(call.Data);
    }
}

/// <summary>pause: waits as its settings say, from the second attempt on if they want that.</summary>
internal sealed class PauseKind(TimeProvider time) : IWaitingKind
{
    public NodeDescription Description { get; } = Kinds.Describe("pause", NodeEffect.Read, NodePort.Out);

    public ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken)
    {
        if (call.Attempt == 1 && call.Settings.TryGetProperty("stumbles", out _))
        {
            return ValueTask.FromResult<NodeResult>(new NodeResult.Failed("away", "Not there.", CanRetry: true));
        }

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

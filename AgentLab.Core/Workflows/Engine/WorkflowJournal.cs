using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine.State;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Counts what a run's model calls used, and tells the run's loop when a step inside changes it.</summary>
internal sealed class UsageMeter(Mailbox mailbox)
{
    private readonly Lock _lock = new();
    private UsageTotals _total = UsageTotals.Zero;

    /// <summary>What was used so far.</summary>
    public UsageTotals Total
    {
        get
        {
            lock (_lock)
            {
                return _total;
            }
        }
    }

    /// <summary>Takes in an event of a step; true when it says that something was used.</summary>
    public bool Count(EventData? data)
    {
        var used = data switch
        {
            ModelCompleted e => e.Usage,
            StepRestarted e => e.Usage,
            StepFailed e => e.Usage,
            _ => null,
        };
        if (used is null)
        {
            return false;
        }

        lock (_lock)
        {
            _total = _total.Plus(used);
        }

        return true;
    }

    /// <summary>Lets the run's loop look at its limits.</summary>
    public void Tell() => mailbox.Post(Letter.Look.Again);
}

/// <summary>The journal of what happens inside one attempt of a step.</summary>
internal sealed class NodeJournal(RunJournal journal, UsageMeter meter, Slot slot, TimeProvider time) : INodeJournal
{
    private const int Closed = 1 << 30;

    // How many appends are under way, and whether more may come.
    private int _state;
    private TaskCompletionSource? _idle;

    /// <inheritdoc />
    public IReadOnlyList<SessionEvent> Recorded { get; } = slot.RecordedNow();

    /// <summary>
    /// The attempt is over. A node that was left behind because it did not stop may write nothing more: behind the step's end nothing of it follows. Completes when the append that
    /// was under way has ended.
    /// </summary>
    public Task CloseAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Closed, 0) == 0)
        {
            return Task.CompletedTask;
        }

        _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.Or(ref _state, Closed) & ~Closed) == 0 ? Task.CompletedTask : _idle.Task;
    }

    /// <inheritdoc />
    public ValueTask HoldAsync(CancellationToken cancellationToken) => journal.HoldAsync(cancellationToken);

    /// <inheritdoc />
    public async ValueTask<long> AppendAsync(
        string? sub, int attempt, IReadOnlyList<EventData> events, IReadOnlyList<Blob> blobs, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            return await WriteAsync(sub, attempt, events, blobs, cancellationToken);
        }
        finally
        {
            Leave();
        }
    }

    private async ValueTask<long> WriteAsync(
        string? sub, int attempt, IReadOnlyList<EventData> events, IReadOnlyList<Blob> blobs, CancellationToken cancellationToken)
    {
        var stepId = sub is null ? slot.StepId : $"{slot.StepId}/{sub}";
        var first = await journal.AppendAsync([.. events.Select(e => journal.Event(e, stepId, attempt))], blobs, cancellationToken);
        var used = false;
        for (var i = 0; i < events.Count; i++)
        {
            used |= meter.Count(events[i]);
            slot.Keep(new SessionEvent(first + i, journal.Run, stepId, attempt, EventCatalog.Of(events[i]).Type, 1, time.GetUtcNow(), default, events[i]));
        }

        if (used)
        {
            meter.Tell();
        }

        return first;
    }

    private void Enter()
    {
        if ((Interlocked.Increment(ref _state) & Closed) != 0)
        {
            Leave();
            throw new OperationCanceledException("The attempt is over.");
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _state) == Closed)
        {
            _idle?.TrySetResult();
        }
    }
}

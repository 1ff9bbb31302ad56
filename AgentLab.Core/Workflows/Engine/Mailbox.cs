using AgentLab.Core.Workflows.Engine.State;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>What reaches a run that goes on from outside its own loop. Closed when the loop is over: who comes then must look into the log.</summary>
internal sealed class Mailbox
{
    private readonly Lock _lock = new();
    private Queue<Letter>? _letters;
    private TaskCompletionSource? _waiter;
    private bool _closed;

    /// <summary>Leaves a letter; false when the run goes on no longer in this process.</summary>
    public bool Post(Letter letter)
    {
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }

            (_letters ??= new Queue<Letter>()).Enqueue(letter);
            (waiter, _waiter) = (_waiter, null);
        }

        waiter?.TrySetResult();
        return true;
    }

    /// <summary>The next letter, if there is one.</summary>
    public Letter? Take()
    {
        lock (_lock)
        {
            return _letters is { Count: > 0 } ? _letters.Dequeue() : null;
        }
    }

    /// <summary>Completes when there is a letter.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter;
        lock (_lock)
        {
            if (_letters is { Count: > 0 })
            {
                return;
            }

            waiter = _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        await waiter.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Takes no more letters; false, and still open, when one has come meanwhile.</summary>
    public bool TryClose()
    {
        lock (_lock)
        {
            if (_letters is { Count: > 0 })
            {
                return false;
            }

            return _closed = true;
        }
    }

    /// <summary>Takes no more letters; whoever waits for an answer is told that there is none.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }

        while (Take() is { } letter)
        {
            (letter as Letter.Wake)?.Answer.TrySetResult(WakeAnswer.Closed);
        }
    }
}

/// <summary>Something for a run's loop.</summary>
internal abstract record Letter
{
    /// <summary>A node's attempt came back.</summary>
    public sealed record Ended(Slot Slot, int Attempt, NodeResult Result, decimal DurationMs) : Letter;

    /// <summary>What a step waits for has come. The answer says what became of it, after the commit.</summary>
    public sealed record Wake(string StepId, WakeEnd End, TaskCompletionSource<WakeAnswer> Answer) : Letter;

    /// <summary>A node found that the run is this process's no longer.</summary>
    public sealed record Lost(Agents.Runs.RunLostException Error) : Letter;

    /// <summary>Look again: a person asked to stop, a pause is over, a limit is reached.</summary>
    public sealed record Look : Letter
    {
        public static Look Again { get; } = new();
    }
}

/// <summary>What became of an attempt to wake a step.</summary>
internal enum WakeAnswer
{
    /// <summary>It goes on, and that is recorded.</summary>
    Taken,

    /// <summary>It does not wait (any more).</summary>
    NotWaiting,

    /// <summary>The run does not go on in this process any more: look into the log.</summary>
    Closed,
}

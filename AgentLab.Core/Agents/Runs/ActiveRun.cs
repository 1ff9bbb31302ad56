using AgentLab.Core.Agents.Runs.Leases;

namespace AgentLab.Core.Agents.Runs;

/// <summary>A run that goes on in this process.</summary>
internal sealed class ActiveRun : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _abandoned;
    private bool _stopped;
    private bool _ended;

    /// <param name="fence">The number under which it writes.</param>
    /// <param name="term">The term of the lease that it is bound to.</param>
    /// <param name="shutdown">Fires when the process ends.</param>
    public ActiveRun(long fence, LeaseTerm term, CancellationToken shutdown)
    {
        (Fence, Term) = (fence, term);
        _abandoned = CancellationTokenSource.CreateLinkedTokenSource(shutdown, term.Lost);
        Over = _abandoned.Token;
    }

    /// <summary>The number under which it writes.</summary>
    public long Fence { get; }

    /// <summary>The term of the lease that it is bound to.</summary>
    public LeaseTerm Term { get; }

    /// <summary>Fires when a person asked it to stop.</summary>
    public CancellationTokenSource Stop { get; } = new();

    /// <summary>Fires when the loop must end and leave the run as it is: the process stops, or is not the run's owner any more.</summary>
    public CancellationToken Over { get; }

    /// <summary>Completes when it is over.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The loop.</summary>
    public Task? Loop { get; set; }

    /// <summary>Asks the loop to stop; false when it is over.</summary>
    public bool TryStop()
    {
        lock (_lock)
        {
            if (_ended)
            {
                return false;
            }

            _stopped = true;
        }

        Stop.Cancel();
        return true;
    }

    /// <summary>Somebody else has the run by now: the loop ends and leaves it.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            if (!_ended)
            {
                // Who waits for the token goes on elsewhere, not under this lock.
                _ = _abandoned.CancelAsync();
            }
        }
    }

    /// <summary>The loop is over; true when it had been asked to stop.</summary>
    public bool End()
    {
        lock (_lock)
        {
            _ended = true;
            return _stopped;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _abandoned.Dispose();
}

namespace AgentLab.Data.Databases;

/// <summary>
/// The one gate that every write to agentlab.db passes, in process. SQLite takes one writer at a time and makes others
/// sleep; the gate lets them wait in order instead. On PostgreSQL and SQL Server it is always open.
/// </summary>
/// <remarks>Entry is first come, first served. A lease is not re-entrant: entering again before release waits for ever.</remarks>
public sealed class WriteGate
{
    private readonly Lock _lock = new();
    private readonly Queue<Waiter> _waiters = new();
    private readonly bool _guarded;
    private bool _taken;
    private long _entries;

    /// <summary>Makes a gate that guards on SQLite and stands open on the other databases.</summary>
    public WriteGate(DatabaseKind kind)
    {
        _guarded = kind == DatabaseKind.Sqlite;
    }

    /// <summary>How often the gate was entered since the program started.</summary>
    public long Entries => Interlocked.Read(ref _entries);

    /// <summary>How many wait now, those that have given up included until their turn comes.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiters.Count;
            }
        }
    }

    /// <summary>Waits its turn. Disposing the lease lets the next one in; disposing twice does nothing.</summary>
    /// <exception cref="OperationCanceledException">The token fired before its turn came; nothing is held.</exception>
    public ValueTask<WriteLease> EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter;
        lock (_lock)
        {
            if (!_guarded || !_taken)
            {
                _taken = _guarded;
                Interlocked.Increment(ref _entries);
                return ValueTask.FromResult(new WriteLease(this));
            }

            waiter = new Waiter();
            _waiters.Enqueue(waiter);
        }

        return WaitAsync(waiter, cancellationToken);
    }

    /// <summary>Waits its turn and blocks meanwhile. Only for callers that a framework calls without async.</summary>
    public WriteLease Enter() => EnterAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();

    internal void Leave()
    {
        if (!_guarded)
        {
            return;
        }

        lock (_lock)
        {
            while (_waiters.TryDequeue(out var waiter))
            {
                if (waiter.TrySetResult())
                {
                    Interlocked.Increment(ref _entries);
                    return;
                }
            }

            _taken = false;
        }
    }

    private async ValueTask<WriteLease> WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        // Either the token or the turn completes the waiter, never both: whoever comes second sees it done.
        await using (cancellationToken.UnsafeRegister(static (state, token) => ((Waiter)state!).TrySetCanceled(token), waiter))
        {
            await waiter.Task;
        }

        return new WriteLease(this);
    }

    private sealed class Waiter() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
}

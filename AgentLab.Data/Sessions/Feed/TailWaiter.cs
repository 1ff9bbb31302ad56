using System.Threading.Tasks.Sources;

namespace AgentLab.Data.Sessions.Feed;

/// <summary>
/// A cursor's waiting for more in its tail, used again for each wait: a session with many viewers wakes all of them for every event, so that waiting
/// allocates nothing and registers with its token once; the tail keeps the time for all of its waiters.
/// </summary>
internal sealed class TailWaiter(SessionTail tail, TimeProvider time) : IValueTaskSource, IDisposable
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _armed;
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;

    /// <summary>Its place in the tail's list, -1 for none; guarded by the tail.</summary>
    public int Place { get; set; } = -1;

    /// <summary>When its wait is over, in timestamps of the clock.</summary>
    public long Deadline { get; private set; }

    /// <summary>Whether it waits.</summary>
    public bool IsArmed => Volatile.Read(ref _armed) == 1;

    /// <summary>
    /// Completes when the tail may have something after <paramref name="position"/> or when <paramref name="pause"/> is over. It may complete early: the
    /// caller looks for itself. One wait at a time.
    /// </summary>
    public ValueTask WaitAsync(long position, TimeSpan pause, CancellationToken cancellationToken)
    {
        _core.Reset();
        Deadline = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
        Volatile.Write(ref _armed, 1);
        Watch(cancellationToken);
        if (!tail.Enlist(this, position))
        {
            Wake();
        }

        return new ValueTask(this, _core.Version);
    }

    /// <summary>Ends the wait, if there is one.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _armed, 0) == 1)
        {
            _core.SetResult(true);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        tail.Delist(this);
        _registration.Unregister();
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>A viewer waits under the same token from its first wait to its last.</summary>
    private void Watch(CancellationToken cancellationToken)
    {
        if (!_token.Equals(cancellationToken))
        {
            _registration.Unregister();
            _token = cancellationToken;
            _registration = cancellationToken.UnsafeRegister(static waiter => ((TailWaiter)waiter!).Cancel(), this);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            Cancel();
        }
    }

    private void Cancel()
    {
        if (Interlocked.Exchange(ref _armed, 0) == 1)
        {
            _core.SetException(new OperationCanceledException(_token));
        }
    }
}

using AgentLab.Core.Sessions;

namespace AgentLab.Core.Agents.Runs.Leases;

/// <summary>
/// The time from the entry of a node under one id to the loss of that lease. Runs are bound to the term in which they were taken: what comes after a loss is another term, and
/// nothing of it serves them.
/// </summary>
/// <param name="id">The node's id.</param>
/// <param name="lease">How long a renewal holds; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
/// <param name="time">Measures.</param>
internal sealed class LeaseTerm(string id, TimeSpan lease, TimeProvider time) : IDisposable
{
    /// <summary>Clocks of two machines do not run equally fast: the holder believes in a little less than it was given.</summary>
    private const double Trusted = 0.9;

    private readonly CancellationTokenSource _lost = new();
    private volatile TaskCompletionSource _changed = New();
    private volatile Moment _asked = Moment.Now(time);

    /// <summary>The node's id in this term.</summary>
    public string Id => id;

    /// <summary>Fires when the term is over: everything that belongs to it ends without another word.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Whether the lease is certainly not over.</summary>
    public bool Held => !_lost.IsCancellationRequested && (lease == Timeout.InfiniteTimeSpan || _asked.Age(time) < lease * Trusted);

    /// <summary>The lease was renewed. It holds from the moment of asking: the database granted it later than that.</summary>
    public void Renewed(Moment asked)
    {
        _asked = asked;
        Tell();
    }

    /// <summary>The lease is gone for good.</summary>
    public void Lose()
    {
        _lost.Cancel();
        Tell();
    }

    /// <summary>Completes when the lease is held.</summary>
    /// <exception cref="RunLostException">It is gone for good.</exception>
    public ValueTask HoldAsync(CancellationToken cancellationToken) => Held ? ValueTask.CompletedTask : WaitAsync(cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _lost.Dispose();

    private async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = _changed.Task;
            if (_lost.IsCancellationRequested)
            {
                throw new RunLostException(AppendRefusal.StaleFence);
            }

            if (Held)
            {
                return;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Tell() => Interlocked.Exchange(ref _changed, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A moment on both of the machine's clocks: the monotonic one may stand while a machine sleeps, the other may be set; the longer time of the two counts.</summary>
internal sealed record Moment(long Timestamp, DateTimeOffset Utc)
{
    public static Moment Now(TimeProvider time) => new(time.GetTimestamp(), time.GetUtcNow());

    public TimeSpan Age(TimeProvider time)
    {
        var (measured, told) = (time.GetElapsedTime(Timestamp), time.GetUtcNow() - Utc);
        return measured > told ? measured : told;
    }
}

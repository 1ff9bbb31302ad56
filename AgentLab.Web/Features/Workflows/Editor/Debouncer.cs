namespace AgentLab.Web.Features.Workflows.Editor;

/// <summary>Runs work once nobody has asked for it for a while: what is typed is committed as one change, not one for each letter.</summary>
public sealed class Debouncer : IAsyncDisposable
{
    private readonly ITimer _timer;
    private readonly TimeSpan _quiet;

    /// <param name="time">Where the quiet is measured.</param>
    /// <param name="quiet">How long nobody must have asked.</param>
    /// <param name="work">What to run; called on a pool thread, never blocks.</param>
    public Debouncer(TimeProvider time, TimeSpan quiet, Action work)
    {
        _quiet = quiet;
        _timer = time.CreateTimer(_ => work(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Asks for a run; an earlier request that has not run yet waits on with it.</summary>
    public void Request() => _timer.Change(_quiet, Timeout.InfiniteTimeSpan);

    /// <summary>Forgets what was asked for.</summary>
    public void Cancel() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}

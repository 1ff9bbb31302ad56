namespace AgentLab.Web.Shared;

/// <summary>
/// Coalesces requests: the first runs at once, those that come within the interval run together once at its end, so that a fast stream costs a bounded
/// number of renders and the last state is always shown. Safe for concurrent use; work never overlaps itself.
/// </summary>
public sealed class Throttler : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly Func<Task> _work;
    private readonly Func<Exception, Task> _onFault;
    private readonly ITimer _timer;
    private long? _lastRun;
    private bool _scheduled;
    private bool _running;
    private bool _again;
    private bool _disposed;

    /// <summary>Creates a throttler; nothing runs before the first request.</summary>
    /// <param name="time">Where the interval is measured.</param>
    /// <param name="interval">The least time between two runs.</param>
    /// <param name="work">What to run; called on a pool thread.</param>
    /// <param name="onFault">Where its exceptions go; a page hands them to its circuit.</param>
    public Throttler(TimeProvider time, TimeSpan interval, Func<Task> work, Func<Exception, Task> onFault)
    {
        _time = time;
        _interval = interval;
        _work = work;
        _onFault = onFault;
        _timer = time.CreateTimer(static state => ((Throttler)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Asks for a run. Returns at once.</summary>
    public void Request()
    {
        lock (_gate)
        {
            if (_disposed || _scheduled)
            {
                return;
            }

            if (_running)
            {
                _again = true;
                return;
            }

            Schedule();
        }
    }

    /// <summary>No run starts after this returns; one that goes on is left to end.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
    }

    private void Schedule()
    {
        var since = _lastRun is { } last ? _time.GetElapsedTime(last) : _interval;
        _scheduled = true;
        _timer.Change(since >= _interval ? TimeSpan.Zero : _interval - since, Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _scheduled = false;
            _running = true;
            _lastRun = _time.GetTimestamp();
        }

        _ = RunAsync();
    }

    private async Task RunAsync()
    {
        try
        {
            await _work();
        }
        catch (Exception fault)
        {
            await _onFault(fault);
        }
        finally
        {
            lock (_gate)
            {
                _running = false;
                if (_again && !_disposed)
                {
                    _again = false;
                    Schedule();
                }
            }
        }
    }
}

namespace AgentLab.Tests.Fakes;

/// <summary>The system's clock, but timers of one length fire when a test says so: what is bounded by that length is let go on until the test has seen what it waits for.</summary>
internal sealed class HeldTimers(TimeSpan length) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Held> _held = [];

    /// <summary>Fires all timers of that length that wait.</summary>
    public void Fire()
    {
        List<Held> due;
        lock (_lock)
        {
            due = [.. _held];
            _held.Clear();
        }

        due.ForEach(timer => timer.Fire());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != length)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        var timer = new Held(this, () => callback(state));
        lock (_lock)
        {
            _held.Add(timer);
        }

        return timer;
    }

    private sealed class Held(HeldTimers all, Action fire) : ITimer
    {
        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            lock (all._lock)
            {
                all._held.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

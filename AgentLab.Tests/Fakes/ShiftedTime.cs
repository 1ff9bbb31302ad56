namespace AgentLab.Tests.Fakes;

/// <summary>The system's clock, put forward by as much as a test says. Timers run on real time. Safe for concurrent use.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _shift;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _shift));

    public override long GetTimestamp() =>
        base.GetTimestamp() + (long)(Interlocked.Read(ref _shift) / (double)TimeSpan.TicksPerSecond * TimestampFrequency);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);
}

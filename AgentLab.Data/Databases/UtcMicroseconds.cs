namespace AgentLab.Data.Databases;

/// <summary>Times as the database holds them: microseconds since 1970-01-01T00:00:00Z.</summary>
public static class UtcMicroseconds
{
    /// <summary>The microseconds of <paramref name="time"/>; what is finer is cut off.</summary>
    public static long From(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The time of <paramref name="microseconds"/>, at offset zero.</summary>
    public static DateTimeOffset ToTime(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>The present time of <paramref name="clock"/> in microseconds.</summary>
    public static long Now(TimeProvider clock) => From(clock.GetUtcNow());
}

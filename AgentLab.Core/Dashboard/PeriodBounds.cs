namespace AgentLab.Core.Dashboard;

/// <summary>Where a period and its hours or days begin.</summary>
/// <param name="FromHour">The first hour, counted from 1970-01-01T00:00Z.</param>
/// <param name="Width">Hours in a bucket: 1 or 24.</param>
/// <param name="Count">How many buckets there are.</param>
public sealed record PeriodBounds(long FromHour, int Width, int Count)
{
    private const int HoursADay = 24;

    /// <summary>The bounds of a period that ends at <paramref name="now"/>. Every bucket begins at a multiple of its width.</summary>
    public static PeriodBounds Of(DashboardPeriod period, DateTimeOffset now)
    {
        var today = HourOf(now) / HoursADay * HoursADay;
        return period switch
        {
            DashboardPeriod.Today => new PeriodBounds(today, 1, HoursADay),
            DashboardPeriod.Week => new PeriodBounds(today - (6 * HoursADay), HoursADay, 7),
            _ => new PeriodBounds(today - (29 * HoursADay), HoursADay, 30),
        };
    }

    /// <summary>The hour in which a time lies, counted from 1970-01-01T00:00Z.</summary>
    public static long HourOf(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerHour;

    /// <summary>Where an hour begins.</summary>
    public static DateTimeOffset TimeOf(long hour) => DateTimeOffset.UnixEpoch.AddTicks(hour * TimeSpan.TicksPerHour);
}

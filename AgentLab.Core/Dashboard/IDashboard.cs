namespace AgentLab.Core.Dashboard;

/// <summary>
/// Says how the runs of a period went. What it reads is bounded, however many runs there are: ended runs count by stored totals of whole hours and by the runs that ended since, and
/// times are taken from the newest <see cref="LatencyFigures.MaxSample"/> runs of the period.
/// </summary>
public interface IDashboard
{
    /// <summary>Reads the present figures.</summary>
    ValueTask<DashboardFigures> ReadAsync(DashboardQuery query, CancellationToken cancellationToken);
}

/// <summary>Whose runs to look at, and how far back.</summary>
/// <param name="OwnerId">Only the runs of this person; null for everybody's. Who may ask for whose is for the caller to decide.</param>
/// <param name="Period">How far back.</param>
public sealed record DashboardQuery(Guid? OwnerId, DashboardPeriod Period);

/// <summary>A period that ends now. Days begin at midnight UTC.</summary>
public enum DashboardPeriod
{
    /// <summary>Since midnight, by the hour.</summary>
    Today,

    /// <summary>Today and the six days before, by the day.</summary>
    Week,

    /// <summary>Today and the 29 days before, by the day.</summary>
    Month,
}

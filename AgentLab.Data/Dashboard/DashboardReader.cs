using AgentLab.Core.Dashboard;
using AgentLab.Data.Databases;
using AgentLab.Data.Sessions;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Dashboard;

/// <summary>
/// Four statements, each over an index: the open runs, the hours that are added up, the runs that ended since, and the newest ended runs for their times. Then the names of what is shown.
/// </summary>
internal sealed class DashboardReader(LabDatabase database, TimeProvider time) : IDashboard
{
    /// <inheritdoc />
    public async ValueTask<DashboardFigures> ReadAsync(DashboardQuery query, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var bounds = PeriodBounds.Of(query.Period, now);
        return await database.ReadAsync(
            async (context, token) =>
            {
                var open = await OpenAsync(context, query, token);
                var ended = await EndedAsync(context, query, bounds, token);
                var sample = await SampleAsync(context, query, bounds, token);
                var sums = new DashboardSums(now, bounds, open, ended, sample);
                return sums.Figures(await DashboardNames.ReadAsync(context, sums, token));
            },
            cancellationToken);
    }

    private static async Task<List<OpenRuns>> OpenAsync(LabDbContext context, DashboardQuery query, CancellationToken cancellationToken) =>
        await Owned(context, query).Where(r => r.Status == RunStatus.Running || r.Status == RunStatus.Waiting)
            .GroupBy(r => new { r.AgentId, r.WorkflowId, r.ProjectId, r.Status })
            .Select(g => new OpenRuns(g.Key.AgentId, g.Key.WorkflowId, g.Key.ProjectId, g.Key.Status, g.Count()))
            .ToListAsync(cancellationToken);

    /// <summary>An hour is added up for good: what is read of it does not depend on when the second statement runs.</summary>
    private static async Task<List<EndedRuns>> EndedAsync(LabDbContext context, DashboardQuery query, PeriodBounds bounds, CancellationToken cancellationToken)
    {
        var open = await RunHours.OpenFromAsync(context, cancellationToken);
        var hours = context.Set<RunHourRow>().Where(h => h.Hour >= bounds.FromHour && h.Hour < open);
        if (query.OwnerId is { } owner)
        {
            hours = hours.Where(h => h.OwnerId == owner);
        }

        var sums = await hours
            .GroupBy(h => new { Bucket = h.Hour / EF.Constant(bounds.Width), h.IsWorkflow, h.WorkerId, h.ProjectId, h.Status })
            .Select(g => new EndedRuns(
                g.Key.Bucket, g.Key.IsWorkflow ? null : g.Key.WorkerId, g.Key.IsWorkflow ? g.Key.WorkerId : null, g.Key.ProjectId, g.Key.Status,
                g.Sum(h => h.Runs), g.Sum(h => h.InputTokens), g.Sum(h => h.OutputTokens), g.Sum(h => h.CostNanos)))
            .ToListAsync(cancellationToken);

        var since = Math.Max(bounds.FromHour, open) * RunHours.Width;
        var width = bounds.Width * RunHours.Width;
        sums.AddRange(await Owned(context, query).Where(r => r.EndedAt >= since)
            .GroupBy(r => new { Bucket = r.EndedAt!.Value / EF.Constant(width), r.AgentId, r.WorkflowId, r.ProjectId, r.Status })
            .Select(g => new EndedRuns(
                g.Key.Bucket, g.Key.AgentId, g.Key.WorkflowId, g.Key.ProjectId, g.Key.Status,
                g.LongCount(), g.Sum(r => r.InputTokens), g.Sum(r => r.OutputTokens), g.Sum(r => r.CostNanos)))
            .ToListAsync(cancellationToken));
        return sums;
    }

    private static async Task<List<TimedRun>> SampleAsync(LabDbContext context, DashboardQuery query, PeriodBounds bounds, CancellationToken cancellationToken)
    {
        var from = bounds.FromHour * RunHours.Width;
        return await Owned(context, query).Where(r => r.EndedAt >= from).OrderByDescending(r => r.EndedAt).Take(LatencyFigures.MaxSample)
            .Select(r => new TimedRun(r.Status, r.AgentId, r.WorkflowId, r.ProjectId, r.StartedAt, r.FirstWordAt, r.EndedAt!.Value))
            .ToListAsync(cancellationToken);
    }

    private static IQueryable<RunRow> Owned(LabDbContext context, DashboardQuery query) =>
        query.OwnerId is { } owner ? context.Set<RunRow>().Where(r => r.OwnerId == owner) : context.Set<RunRow>();
}

/// <summary>Runs that have not ended.</summary>
internal sealed record OpenRuns(Guid? AgentId, Guid? WorkflowId, Guid ProjectId, RunStatus Status, int Runs);

/// <summary>Runs that ended in one bucket of the period; buckets are counted from 1970.</summary>
internal sealed record EndedRuns(
    long Bucket, Guid? AgentId, Guid? WorkflowId, Guid ProjectId, RunStatus Status, long Runs, long InputTokens, long OutputTokens, long CostNanos);

/// <summary>When a run started and ended, in microseconds.</summary>
internal sealed record TimedRun(RunStatus Status, Guid? AgentId, Guid? WorkflowId, Guid ProjectId, long StartedAt, long? FirstWordAt, long EndedAt);

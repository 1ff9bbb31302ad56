using AgentLab.Core.Dashboard;
using AgentLab.Data.Databases;
using AgentLab.Data.Sessions;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Dashboard;

/// <summary>
/// Adds up the runs of hours that are over, the oldest first and each once, so that what the dashboard reads does not grow with the number of runs. Several nodes may try the same hour:
/// the rows' key lets one of them have it.
/// </summary>
internal sealed class RunHours(LabDatabase database, TimeProvider time)
{
    /// <summary>Microseconds of an hour.</summary>
    public const long Width = 3_600_000_000;

    /// <summary>How long after its end an hour is added up: no append carries a time that is this old when it commits, nor is a node's clock this far behind.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(10);

    /// <summary>The first hour that is not added up yet; what ended before it counts by its rows, the rest by the runs themselves.</summary>
    public static async Task<long> OpenFromAsync(LabDbContext context, CancellationToken cancellationToken) =>
        await context.Set<RunHourRow>().OrderByDescending(h => h.Hour).Select(h => (long?)h.Hour).FirstOrDefaultAsync(cancellationToken) is { } last ? last + 1 : 0;

    /// <summary>Adds up the oldest hour that has runs, is over and is not added up. False when there is none.</summary>
    public async Task<bool> AddUpAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(OldestAsync, cancellationToken);
        if (rows.Count == 0)
        {
            return false;
        }

        try
        {
            await database.WriteAsync(
                (context, _) =>
                {
                    context.AddRange(rows);
                    return Task.CompletedTask;
                },
                cancellationToken);
        }
        catch (DbUpdateException e) when (UniqueViolation.Is(e))
        {
            // Another node had the same hour; its rows say the same.
        }

        return true;
    }

    private async Task<List<RunHourRow>> OldestAsync(LabDbContext context, CancellationToken cancellationToken)
    {
        var from = await OpenFromAsync(context, cancellationToken) * Width;
        var until = PeriodBounds.HourOf(time.GetUtcNow() - Settled) * Width;
        var open = context.Set<RunRow>().Where(r => r.EndedAt >= from && r.EndedAt < until);
        if (await open.OrderBy(r => r.EndedAt).Select(r => r.EndedAt).FirstOrDefaultAsync(cancellationToken) is not { } first)
        {
            return [];
        }

        var hour = first / Width;
        var (begin, end) = (hour * Width, (hour + 1) * Width);
        var sums = await context.Set<RunRow>().Where(r => r.EndedAt >= begin && r.EndedAt < end)
            .GroupBy(r => new { r.OwnerId, r.ProjectId, r.AgentId, r.WorkflowId, r.Status })
            .Select(g => new { g.Key, Runs = g.LongCount(), Input = g.Sum(r => r.InputTokens), Output = g.Sum(r => r.OutputTokens), Cost = g.Sum(r => r.CostNanos) })
            .ToListAsync(cancellationToken);

        // A run of an unsaved workflow and one without an agent are both "nobody's": two groups here could be one row.
        return
        [
            .. sums.GroupBy(s => (s.Key.OwnerId, s.Key.ProjectId, IsWorkflow: s.Key.WorkflowId is not null, Worker: s.Key.WorkflowId ?? s.Key.AgentId ?? Guid.Empty, s.Key.Status))
                .Select(g => new RunHourRow
                {
                    Hour = hour,
                    OwnerId = g.Key.OwnerId,
                    ProjectId = g.Key.ProjectId,
                    IsWorkflow = g.Key.IsWorkflow,
                    WorkerId = g.Key.Worker,
                    Status = g.Key.Status,
                    Runs = g.Sum(s => s.Runs),
                    InputTokens = g.Sum(s => s.Input),
                    OutputTokens = g.Sum(s => s.Output),
                    CostNanos = g.Sum(s => s.Cost),
                }),
        ];
    }
}

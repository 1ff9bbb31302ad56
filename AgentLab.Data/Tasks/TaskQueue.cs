using AgentLab.Core;
using AgentLab.Core.Tasks;
using AgentLab.Data.Databases;
using AgentLab.Data.Sessions;
using AgentLab.Data.Workflows;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AgentLab.Data.Tasks;

/// <summary>The queue: which rows may begin an attempt now, and which need somebody to look after them.</summary>
internal sealed class TaskQueue(LabDatabase database, IOptions<TaskOptions> options, TimeProvider time) : ITaskQueue
{
    private const int AtOnce = 100;
    private const int Rounds = 4;

    /// <summary>How long the start of an attempt may go unheard of before it is tried again: its key makes it the same start.</summary>
    private const long StartAgainAfter = 30_000_000;

    /// <summary>How long a run that was asked to end may take for it before it is asked again.</summary>
    private const long AskAgainAfter = 30_000_000;

    private TaskOptions Options => options.Value;

    /// <inheritdoc />
    public async Task<IReadOnlyList<LabTask>> AdmitAsync(string node, CancellationToken cancellationToken)
    {
        var now = UtcMicroseconds.Now(time);
        var any = await database.ReadAsync((context, token) => Due(context, now).AnyAsync(token), cancellationToken);
        return any ? await WriteRetries.RunAsync(() => database.WriteAsync((context, token) => AdmitAsync(context, node, token), cancellationToken)) : [];
    }

    /// <inheritdoc />
    public Task FailStartAsync(LabTask task, string node, LabError error, CancellationToken cancellationToken) => WriteRetries.RunAsync(() => database.WriteAsync(
        async (context, token) =>
        {
            var row = await context.Set<TaskRow>().AsTracking().FirstOrDefaultAsync(
                t => t.Id == task.Id && t.Starts == task.Starts && t.Node == node && t.Status == LabTaskStatus.Running && t.RunId == null, token);
            if (row is not null)
            {
                await FailAsync(context, row, error, token);
            }

            return true;
        },
        cancellationToken));

    /// <inheritdoc />
    public async Task<IReadOnlyList<LabTask>> TakeAbandonedAsync(string node, CancellationToken cancellationToken)
    {
        var now = UtcMicroseconds.Now(time);
        var any = await database.ReadAsync((context, token) => Abandoned(context, node, now).AnyAsync(token), cancellationToken);
        return !any ? [] : await WriteRetries.RunAsync(() => database.WriteAsync(
            async (context, token) =>
            {
                var rows = await Abandoned(context, node, now).AsTracking().OrderBy(task => task.Key).Take(AtOnce).ToListAsync(token);
                rows.ForEach(row => (row.Node, row.UpdatedAt, row.Revision) = (node, now, row.Revision + 1));
                return (IReadOnlyList<LabTask>)[.. rows.Select(TaskMapping.Task)];
            },
            cancellationToken));
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<LabTask>> TakeOverdueAsync(CancellationToken cancellationToken)
    {
        var now = UtcMicroseconds.Now(time);
        var any = await database.ReadAsync((context, token) => Overdue(context, now).AnyAsync(token), cancellationToken);
        return !any ? [] : await WriteRetries.RunAsync(() => database.WriteAsync(
            async (context, token) =>
            {
                var rows = await Overdue(context, now).AsTracking().OrderBy(task => task.Key).Take(AtOnce).ToListAsync(token);
                foreach (var row in rows)
                {
                    row.TimedOutAt ??= row.CancelRequestedAt is null ? now : null;
                    row.StopAskedAt = now;
                    row.Revision++;
                }

                return (IReadOnlyList<LabTask>)[.. rows.Select(TaskMapping.Task)];
            },
            cancellationToken));
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<TaskWake>> UnorderedAsync(int max, CancellationToken cancellationToken)
    {
        var now = UtcMicroseconds.Now(time);
        var rows = await database.ReadAsync(
            (context, token) => context.Set<TaskRow>().Where(task => task.Status == LabTaskStatus.Queued && task.DueAt > now && task.WakeAt == null)
                .OrderBy(task => task.DueAt).Take(max).Select(task => new { task.Id, task.DueAt }).ToListAsync(token),
            cancellationToken);
        return [.. rows.Select(row => new TaskWake(row.Id, UtcMicroseconds.ToTime(row.DueAt!.Value)))];
    }

    /// <inheritdoc />
    public Task OrderedAsync(IReadOnlyList<TaskWake> wakes, CancellationToken cancellationToken) => database.WriteAsync(
        async (context, token) =>
        {
            foreach (var wake in wakes)
            {
                var at = UtcMicroseconds.From(wake.At);
                await context.Set<TaskRow>().Where(task => task.Id == wake.Task && task.DueAt == at)
                    .ExecuteUpdateAsync(set => set.SetProperty(task => task.WakeAt, at), token);
            }
        },
        cancellationToken);

    /// <inheritdoc />
    public async ValueTask<bool> AnyLaterAsync(CancellationToken cancellationToken)
    {
        var now = UtcMicroseconds.Now(time);
        return await database.ReadAsync(
            (context, token) => context.Set<TaskRow>().AnyAsync(task => task.Status == LabTaskStatus.Queued && task.DueAt > now, token), cancellationToken);
    }

    private static IQueryable<TaskRow> Due(LabDbContext context, long now) =>
        context.Set<TaskRow>().Where(task => task.Status == LabTaskStatus.Queued && task.DueAt <= now);

    /// <summary>
    /// Taken, but without a run, by a node that is not there any more, or by this one long ago: the answer to its taking, or what became of its start, may have been lost on the way.
    /// What has a run is the run sweeper's.
    /// </summary>
    private static IQueryable<TaskRow> Abandoned(LabDbContext context, string own, long now) => context.Set<TaskRow>().Where(
        task => task.Status == LabTaskStatus.Running && task.RunId == null
            && (!context.Set<NodeRow>().Any(node => node.Id == task.Node) || (task.Node == own && task.UpdatedAt < now - StartAgainAfter)));

    private static IQueryable<TaskRow> Overdue(LabDbContext context, long now) => context.Set<TaskRow>().Where(
        task => (task.Status == LabTaskStatus.Running || task.Status == LabTaskStatus.Waiting) && task.RunId != null
            && (task.StopAskedAt == null || task.StopAskedAt < now - AskAgainAfter)
            && (task.CancelRequestedAt != null || task.TimedOutAt != null
                || (task.Status == LabTaskStatus.Running && task.RunningSince != null && task.RunningSince < now - (task.TimeLimit * 1_000_000L))));

    private async Task<IReadOnlyList<LabTask>> AdmitAsync(LabDbContext context, string node, CancellationToken cancellationToken)
    {
        // All nodes pass here one after the other: what is counted below stays true until the commit.
        await context.Set<TaskGateRow>().ExecuteUpdateAsync(set => set.SetProperty(gate => gate.Admissions, gate => gate.Admissions + 1), cancellationToken);
        var now = UtcMicroseconds.Now(time);
        var places = await TaskPlaces.CountAsync(context, Options, cancellationToken);
        var taken = new List<TaskRow>();
        for (var round = 0; round < Rounds && places.Free > 0; round++)
        {
            var candidates = await places.Open(Due(context, now)).AsTracking().OrderBy(task => task.Rank).ThenBy(task => task.Key)
                .Take(Math.Min(places.Free, AtOnce)).ToListAsync(cancellationToken);
            foreach (var row in candidates.Where(row => !taken.Contains(row)))
            {
                if (IsMissed(row, now))
                {
                    TaskMapping.SetDue(row, NextOf(row, now), Options.Ageing);
                    row.Revision++;
                }
                else if (places.TryTake(row.WorkerId, row.ProjectId))
                {
                    Begin(context, row, node, now);
                    taken.Add(row);
                }
            }

            // What was taken must not be found again: the next round looks at the rows as they are now.
            await context.SaveChangesAsync(cancellationToken);
            if (candidates.Count == 0)
            {
                break;
            }
        }

        return [.. taken.Select(TaskMapping.Task)];
    }

    /// <summary>A run by a schedule whose time has passed for too long, where missed runs are left out. Tries of a round that has begun are never left out.</summary>
    private bool IsMissed(TaskRow row, long now) =>
        row is { Cron: not null, Missed: Core.Tasks.Schedules.MissedRun.Skip, Attempts: 0 } && row.DueAt < now - TaskMapping.Micros(Options.MissedAfter);

    private static long? NextOf(TaskRow row, long now) =>
        row.Cron is not null && TaskMapping.Schedule(row).Next(UtcMicroseconds.ToTime(now)) is { } next ? UtcMicroseconds.From(next) : null;

    private void Begin(LabDbContext context, TaskRow row, string node, long now)
    {
        row.Status = LabTaskStatus.Running;
        row.Attempts++;
        row.Starts++;
        row.Node = node;
        (row.RunId, row.SessionId) = (null, null);
        (row.CancelRequestedAt, row.TimedOutAt, row.StopAskedAt, row.RunningSince) = (null, null, null, null);
        (row.StartedAt, row.EndedAt, row.UpdatedAt) = (now, null, now);
        row.Revision++;
        TaskMapping.SetDue(row, NextOf(row, now), Options.Ageing);
        context.Add(new TaskAttemptRow { TaskKey = row.Key, Number = row.Starts, Status = LabTaskStatus.Running, StartedAt = now });
    }

    private async Task FailAsync(LabDbContext context, TaskRow row, LabError error, CancellationToken cancellationToken)
    {
        var now = UtcMicroseconds.Now(time);
        var cancelled = row.CancelRequestedAt is not null;
        var again = error.CanRetry && row.Attempts < Options.Attempts && !cancelled;
        var status = cancelled ? LabTaskStatus.Cancelled : error.CanRetry ? LabTaskStatus.Dead : LabTaskStatus.Failed;
        row.LastStatus = again ? LabTaskStatus.Failed : status;
        row.Status = again ? LabTaskStatus.Queued : status;
        (row.ReasonCode, row.Reason, row.EndedAt, row.UpdatedAt) = (error.Code, TaskReasons.Kept(error.Message), now, now);
        row.Revision++;

        // What cannot be started will not start by its schedule either: that ends too, until somebody mends it and queues it again.
        TaskMapping.SetDue(row, again ? now + TaskMapping.Micros(Options.PauseAfter(row.Attempts, Random.Shared.NextDouble())) : null, Options.Ageing);
        await context.Set<TaskAttemptRow>().Where(attempt => attempt.TaskKey == row.Key && attempt.Number == row.Starts).ExecuteUpdateAsync(
            set => set.SetProperty(attempt => attempt.Status, row.LastStatus).SetProperty(attempt => attempt.EndedAt, now)
                .SetProperty(attempt => attempt.ReasonCode, row.ReasonCode).SetProperty(attempt => attempt.Reason, row.Reason),
            cancellationToken);
    }
}

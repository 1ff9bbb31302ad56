using System.Text;
using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Tasks;
using AgentLab.Core.Tasks.Schedules;
using AgentLab.Data.Databases;

namespace AgentLab.Data.Tasks;

/// <summary>Between a task and its row.</summary>
internal static class TaskMapping
{
    public static TaskRow NewRow(LabTask task, TimeSpan ageing)
    {
        var row = new TaskRow
        {
            Id = task.Id,
            OwnerId = task.OwnerId,
            Title = string.Empty,
            NormalizedTitle = string.Empty,
            Description = string.Empty,
            WorkerName = string.Empty,
            TimeZone = string.Empty,
            CreatedAt = UtcMicroseconds.From(task.CreatedAt),
        };
        Write(row, task, ageing, row.CreatedAt);
        return row;
    }

    /// <summary>Puts the task's values into its row. Links to runs are the log's to write.</summary>
    public static void Write(TaskRow row, LabTask task, TimeSpan ageing, long now)
    {
        row.ProjectId = task.ProjectId;
        row.Title = task.Title;
        row.NormalizedTitle = task.Title.ToUpperInvariant();
        row.Description = task.Description;
        row.Priority = task.Priority;
        row.Status = task.Status;
        (row.WorkerKind, row.WorkerId, row.WorkerName) = (task.Worker.Kind, task.Worker.Id, task.Worker.Name);
        row.Context = task.Context is { } context ? Encoding.UTF8.GetBytes(context.GetRawText()) : null;
        row.ScheduledAt = Micros(task.Schedule.At);
        (row.Cron, row.TimeZone, row.Missed) = (task.Schedule.Cron, task.Schedule.TimeZone, task.Schedule.Missed);
        row.TimeLimit = task.TimeLimit;
        row.Attempts = task.Attempts;
        (row.ReasonCode, row.Reason) = (task.ReasonCode, task.Reason);
        row.CancelRequestedAt = task.CancelRequested ? row.CancelRequestedAt ?? now : null;
        row.Version = task.Version;
        row.EndedAt = Micros(task.EndedAt);
        row.UpdatedAt = now;
        row.Revision++;
        SetDue(row, Micros(task.NextRunAt), ageing);
    }

    /// <summary>Says when the task is due next; null for never.</summary>
    public static void SetDue(TaskRow row, long? due, TimeSpan ageing)
    {
        row.DueAt = due;
        row.Rank = (due ?? 0) - (row.Priority * Micros(ageing));
        if (row.WakeAt != due)
        {
            row.WakeAt = null;
        }
    }

    public static LabTask Task(TaskRow row) => new()
    {
        Id = row.Id,
        OwnerId = row.OwnerId,
        ProjectId = row.ProjectId,
        Title = row.Title,
        Description = row.Description,
        Priority = row.Priority,
        Status = row.Status,
        Worker = new TaskWorker(row.WorkerKind, row.WorkerId, row.WorkerName),
        Context = row.Context is null ? null : JsonElement.Parse(row.Context),
        Schedule = Schedule(row),
        TimeLimit = row.TimeLimit,
        Attempts = row.Attempts,
        Starts = row.Starts,
        NextRunAt = Time(row.DueAt),
        ReasonCode = row.ReasonCode,
        Reason = row.Reason,
        LastStatus = row.LastStatus,
        SessionId = row.SessionId is null ? null : Core.Sessions.SessionId.Parse(row.SessionId),
        RunId = row.RunId is { } run ? new RunId(run) : null,
        CancelRequested = row.CancelRequestedAt is not null,
        Version = row.Version,
        CreatedAt = UtcMicroseconds.ToTime(row.CreatedAt),
        UpdatedAt = UtcMicroseconds.ToTime(row.UpdatedAt),
        StartedAt = Time(row.StartedAt),
        EndedAt = Time(row.EndedAt),
    };

    public static TaskSchedule Schedule(TaskRow row) => new() { At = Time(row.ScheduledAt), Cron = row.Cron, TimeZone = row.TimeZone, Missed = row.Missed };

    public static TaskAttempt Attempt(TaskAttemptRow row) => new(
        row.Number, row.Status, row.SessionId is null ? null : Core.Sessions.SessionId.Parse(row.SessionId), row.RunId is { } run ? new RunId(run) : null,
        UtcMicroseconds.ToTime(row.StartedAt), Time(row.EndedAt), row.ReasonCode, row.Reason);

    public static long Micros(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    private static long? Micros(DateTimeOffset? time) => time is { } value ? UtcMicroseconds.From(value) : null;

    private static DateTimeOffset? Time(long? micros) => micros is { } value ? UtcMicroseconds.ToTime(value) : null;
}

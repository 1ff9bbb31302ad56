using AgentLab.Core.Tasks;
using AgentLab.Core.Tasks.Schedules;

namespace AgentLab.Data.Tasks;

/// <summary>A task. Its definition and place in the queue are written by the queue; what follows from its run is written by the log, in the transaction of the run's event.</summary>
internal sealed class TaskRow
{
    public long Key { get; set; }

    public Guid Id { get; set; }

    public Guid OwnerId { get; set; }

    public Guid ProjectId { get; set; }

    public required string Title { get; set; }

    /// <summary>The title in upper case, by which it is searched.</summary>
    public required string NormalizedTitle { get; set; }

    public required string Description { get; set; }

    public int Priority { get; set; }

    public LabTaskStatus Status { get; set; }

    public TaskWorkerKind WorkerKind { get; set; }

    public Guid WorkerId { get; set; }

    public required string WorkerName { get; set; }

    /// <summary>One JSON object as UTF-8.</summary>
    public byte[]? Context { get; set; }

    public long? ScheduledAt { get; set; }

    public string? Cron { get; set; }

    public required string TimeZone { get; set; }

    public MissedRun Missed { get; set; }

    /// <summary>Seconds.</summary>
    public int TimeLimit { get; set; }

    /// <summary>Tries of the present round.</summary>
    public int Attempts { get; set; }

    /// <summary>Attempts in all.</summary>
    public int Starts { get; set; }

    /// <summary>Queued: when it may start. Going on: the next time of its schedule. Else null.</summary>
    public long? DueAt { get; set; }

    /// <summary>By what the queue is sorted: the time at which it was due less a pause of ageing for each priority, so that who waits rises.</summary>
    public long Rank { get; set; }

    /// <summary>The time for which a wake-up was ordered.</summary>
    public long? WakeAt { get; set; }

    /// <summary>The node that took the present attempt.</summary>
    public string? Node { get; set; }

    public Guid? RunId { get; set; }

    public string? SessionId { get; set; }

    public string? ReasonCode { get; set; }

    public string? Reason { get; set; }

    /// <summary>How the newest attempt that has ended came out.</summary>
    public LabTaskStatus? LastStatus { get; set; }

    public long? CancelRequestedAt { get; set; }

    /// <summary>When its run was found to take too long.</summary>
    public long? TimedOutAt { get; set; }

    /// <summary>Since when its run is going on, waits left out.</summary>
    public long? RunningSince { get; set; }

    /// <summary>When its run was last asked to end.</summary>
    public long? StopAskedAt { get; set; }

    /// <summary>SHA-256 (hex) of the asker and the key of the request that made it; null without a key.</summary>
    public string? RequestKey { get; set; }

    /// <summary>SHA-256 (hex) of what that request said.</summary>
    public string? RequestHash { get; set; }

    /// <summary>Counts the edits.</summary>
    public int Version { get; set; }

    /// <summary>Rises with each change, by which two that change it at once find each other.</summary>
    public long Revision { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }

    public long? StartedAt { get; set; }

    public long? EndedAt { get; set; }
}

/// <summary>One attempt at a task.</summary>
internal sealed class TaskAttemptRow
{
    public long TaskKey { get; set; }

    public int Number { get; set; }

    public LabTaskStatus Status { get; set; }

    public Guid? RunId { get; set; }

    public string? SessionId { get; set; }

    public long StartedAt { get; set; }

    public long? EndedAt { get; set; }

    public string? ReasonCode { get; set; }

    public string? Reason { get; set; }
}

/// <summary>The one row that nodes lock while they take tasks, so that together they keep the limits.</summary>
internal sealed class TaskGateRow
{
    public int Id { get; set; }

    public long Admissions { get; set; }
}

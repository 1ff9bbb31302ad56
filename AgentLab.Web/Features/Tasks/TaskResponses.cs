using System.Text.Json;
using AgentLab.Core.Tasks;
using AgentLab.Core.Tasks.Schedules;

namespace AgentLab.Web.Features.Tasks;

/// <summary>A task.</summary>
internal sealed record TaskResponse
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is called.</summary>
    public required string Title { get; init; }

    /// <summary>What is to be done.</summary>
    public required string Description { get; init; }

    /// <summary>1 to 5; 5 is the most urgent.</summary>
    public required int Priority { get; init; }

    /// <summary>Where it stands.</summary>
    public required LabTaskStatus Status { get; init; }

    /// <summary>The agent that does it; null for a workflow.</summary>
    public required TaskWorkerResponse? Agent { get; init; }

    /// <summary>The workflow that does it; null for an agent.</summary>
    public required TaskWorkerResponse? Workflow { get; init; }

    /// <summary>The project.</summary>
    public required Guid Project { get; init; }

    /// <summary>The user who owns it.</summary>
    public required Guid Owner { get; init; }

    /// <summary>What else the worker is told; null for nothing.</summary>
    public required JsonElement? Context { get; init; }

    /// <summary>When it runs; null for as soon as it is queued.</summary>
    public required TaskScheduleResponse? Schedule { get; init; }

    /// <summary>Seconds that one attempt may be going on.</summary>
    public required int TimeLimit { get; init; }

    /// <summary>When it may start next; while it is going on, the next time of its schedule.</summary>
    public required DateTimeOffset? NextRunAt { get; init; }

    /// <summary>Tries of the present round.</summary>
    public required int Attempts { get; init; }

    /// <summary>A stable code of why the newest attempt did not succeed.</summary>
    public required string? ReasonCode { get; init; }

    /// <summary>The same in a sentence.</summary>
    public required string? Reason { get; init; }

    /// <summary>How the newest attempt that has ended came out.</summary>
    public required LabTaskStatus? LastStatus { get; init; }

    /// <summary>The session of the newest attempt.</summary>
    public required string? SessionId { get; init; }

    /// <summary>The run of the newest attempt.</summary>
    public required Guid? RunId { get; init; }

    /// <summary>Whether somebody asked for its end and its run has not ended yet.</summary>
    public required bool CancelRequested { get; init; }

    /// <summary>Counts the edits, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When anything of it changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the newest attempt started.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the newest attempt ended.</summary>
    public required DateTimeOffset? EndedAt { get; init; }

    public static TaskResponse Of(LabTask task) => new()
    {
        Id = task.Id,
        Title = task.Title,
        Description = task.Description,
        Priority = task.Priority,
        Status = task.Status,
        Agent = task.Worker.Kind == TaskWorkerKind.Agent ? new TaskWorkerResponse(task.Worker.Id, task.Worker.Name) : null,
        Workflow = task.Worker.Kind == TaskWorkerKind.Workflow ? new TaskWorkerResponse(task.Worker.Id, task.Worker.Name) : null,
        Project = task.ProjectId,
        Owner = task.OwnerId,
        Context = task.Context,
        Schedule = task.Schedule is { At: null, Cron: null } ? null : TaskScheduleResponse.Of(task.Schedule),
        TimeLimit = task.TimeLimit,
        NextRunAt = task.NextRunAt,
        Attempts = task.Attempts,
        ReasonCode = task.ReasonCode,
        Reason = task.Reason,
        LastStatus = task.LastStatus,
        SessionId = task.SessionId?.Value,
        RunId = task.RunId?.Value,
        CancelRequested = task.CancelRequested,
        Version = task.Version,
        CreatedAt = task.CreatedAt,
        UpdatedAt = task.UpdatedAt,
        StartedAt = task.StartedAt,
        EndedAt = task.EndedAt,
    };
}

/// <summary>Who does a task.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">The name when the task was saved.</param>
internal sealed record TaskWorkerResponse(Guid Id, string Name);

/// <summary>When a task runs.</summary>
internal sealed record TaskScheduleResponse
{
    /// <summary>The one time; null for a cron expression.</summary>
    public required DateTimeOffset? At { get; init; }

    /// <summary>The cron expression; null for one time.</summary>
    public required string? Cron { get; init; }

    /// <summary>The time zone of the expression.</summary>
    public required string TimeZone { get; init; }

    /// <summary>What becomes of runs that were missed.</summary>
    public required MissedRun Missed { get; init; }

    public static TaskScheduleResponse Of(TaskSchedule schedule) =>
        new() { At = schedule.At, Cron = schedule.Cron, TimeZone = schedule.TimeZone, Missed = schedule.Missed };
}

/// <summary>The next times of a schedule.</summary>
internal sealed record NextRunsResponse
{
    /// <summary>In UTC, the soonest first; fewer than asked for when there are no more.</summary>
    public required IReadOnlyList<DateTimeOffset> Times { get; init; }
}

/// <summary>One attempt at a task.</summary>
internal sealed record TaskAttemptResponse
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>How it stands or came out.</summary>
    public required LabTaskStatus Status { get; init; }

    /// <summary>Its session; null before it has one, or when it could not be started.</summary>
    public required string? SessionId { get; init; }

    /// <summary>Its run.</summary>
    public required Guid? RunId { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it did not succeed: a stable code.</summary>
    public required string? ReasonCode { get; init; }

    /// <summary>The same in a sentence.</summary>
    public required string? Reason { get; init; }

    public static TaskAttemptResponse Of(TaskAttempt attempt) => new()
    {
        Number = attempt.Number,
        Status = attempt.Status,
        SessionId = attempt.SessionId?.Value,
        RunId = attempt.RunId?.Value,
        StartedAt = attempt.StartedAt,
        EndedAt = attempt.EndedAt,
        ReasonCode = attempt.ReasonCode,
        Reason = attempt.Reason,
    };
}

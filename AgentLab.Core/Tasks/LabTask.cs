using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Tasks.Schedules;

namespace AgentLab.Core.Tasks;

/// <summary>Where a task stands.</summary>
public enum LabTaskStatus
{
    /// <summary>Written down; nothing happens until somebody queues it.</summary>
    Draft,

    /// <summary>In the queue: it starts when its time has come and the limits allow it.</summary>
    Queued,

    /// <summary>A run of it is going on.</summary>
    Running,

    /// <summary>Its run waits: for a person, a time or a request.</summary>
    Waiting,

    /// <summary>Its run reached its end.</summary>
    Completed,

    /// <summary>It ended for a reason that trying again does not mend.</summary>
    Failed,

    /// <summary>Somebody cancelled it.</summary>
    Cancelled,

    /// <summary>Set aside after its last try; its reason says why.</summary>
    Dead,
}

/// <summary>What kind of worker does a task.</summary>
public enum TaskWorkerKind
{
    /// <summary>An agent.</summary>
    Agent,

    /// <summary>A workflow.</summary>
    Workflow,
}

/// <summary>Who does a task.</summary>
/// <param name="Kind">An agent or a workflow.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name when the task was saved.</param>
public sealed record TaskWorker(TaskWorkerKind Kind, Guid Id, string Name);

/// <summary>Queued work for an agent or a workflow.</summary>
public sealed record LabTask
{
    /// <summary>The task.</summary>
    public required Guid Id { get; init; }

    /// <summary>The user who owns it and on whose behalf it runs.</summary>
    public required Guid OwnerId { get; init; }

    /// <summary>The project it belongs to.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>What it is called, 3 to 500 characters.</summary>
    public required string Title { get; init; }

    /// <summary>What is to be done, 10 to 10,000 characters.</summary>
    public required string Description { get; init; }

    /// <summary>1 to 5; 5 is the most urgent.</summary>
    public required int Priority { get; init; }

    /// <summary>Where it stands.</summary>
    public required LabTaskStatus Status { get; init; }

    /// <summary>Who does it.</summary>
    public required TaskWorker Worker { get; init; }

    /// <summary>What else the worker needs to know: one JSON object.</summary>
    public JsonElement? Context { get; init; }

    /// <summary>When it runs.</summary>
    public TaskSchedule Schedule { get; init; } = TaskSchedule.Now;

    /// <summary>How long one attempt may be going on, in seconds, waits left out.</summary>
    public required int TimeLimit { get; init; }

    /// <summary>Tries of the present round; from 1 while the first is going on.</summary>
    public int Attempts { get; init; }

    /// <summary>Attempts begun in all: the number of the newest one.</summary>
    public int Starts { get; init; }

    /// <summary>When it may start next; null when it is not queued. For one that is going on by a schedule: its next time.</summary>
    public DateTimeOffset? NextRunAt { get; init; }

    /// <summary>A stable code of why the newest attempt did not succeed.</summary>
    public string? ReasonCode { get; init; }

    /// <summary>The same in a sentence.</summary>
    public string? Reason { get; init; }

    /// <summary>How the newest attempt that has ended came out.</summary>
    public LabTaskStatus? LastStatus { get; init; }

    /// <summary>The session of the newest attempt.</summary>
    public SessionId? SessionId { get; init; }

    /// <summary>The run of the newest attempt.</summary>
    public RunId? RunId { get; init; }

    /// <summary>Whether somebody asked for its end while it was going on.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>Counts the edits, from 1; saves carry the version that was edited.</summary>
    public int Version { get; init; } = 1;

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When anything of it changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the newest attempt started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the newest attempt ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether a run of it is going on or waits.</summary>
    public bool IsActive => Status is LabTaskStatus.Running or LabTaskStatus.Waiting;

    /// <summary>Whether it has come to an end and nothing more happens by itself.</summary>
    public bool IsOver => Status is LabTaskStatus.Completed or LabTaskStatus.Failed or LabTaskStatus.Cancelled or LabTaskStatus.Dead;
}

/// <summary>One attempt at a task: one run.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Status">How it stands or came out.</param>
/// <param name="SessionId">Its session; null before it has one.</param>
/// <param name="RunId">Its run.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="ReasonCode">Why it did not succeed: a stable code.</param>
/// <param name="Reason">The same in a sentence.</param>
public sealed record TaskAttempt(
    int Number, LabTaskStatus Status, SessionId? SessionId, RunId? RunId, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? ReasonCode, string? Reason);

/// <summary>What people say of a task when they make or change it.</summary>
public sealed record TaskDefinition
{
    /// <summary>What it is called, 3 to 500 characters.</summary>
    public string Title { get; init; } = string.Empty;

    /// <summary>What is to be done, 10 to 10,000 characters.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>1 to 5; 5 is the most urgent. Default: 1.</summary>
    public int Priority { get; init; } = 1;

    /// <summary>The agent's id or slug; null when a workflow does it.</summary>
    public string? Agent { get; init; }

    /// <summary>The workflow's id or slug; null when an agent does it.</summary>
    public string? Workflow { get; init; }

    /// <summary>The project; null for the default one.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>What else the worker needs to know: one JSON object of at most 16 KB.</summary>
    public JsonElement? Context { get; init; }

    /// <summary>When it runs. Default: as soon as it is queued.</summary>
    public TaskSchedule Schedule { get; init; } = TaskSchedule.Now;

    /// <summary>How long one attempt may be going on, in seconds; null for the instance's default.</summary>
    public int? TimeLimit { get; init; }

    /// <summary>The client's key, if it gave one: under it one task is made, however often it asks.</summary>
    public RequestKey? Key { get; init; }
}

/// <summary>Which tasks to list; the newest come first.</summary>
public sealed record TaskQuery
{
    /// <summary>Only tasks that stand like this.</summary>
    public LabTaskStatus? Status { get; init; }

    /// <summary>Only tasks of this agent or workflow, by its id.</summary>
    public Guid? Worker { get; init; }

    /// <summary>Only tasks of this project.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>Only tasks of this priority.</summary>
    public int? Priority { get; init; }

    /// <summary>Only tasks with a schedule of several runs (true) or without one (false).</summary>
    public bool? Repeats { get; init; }

    /// <summary>Only tasks whose title contains this text, letters compared without case.</summary>
    public string? Text { get; init; }

    /// <summary>The opaque cursor of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many, 1 to 100. Default: 20.</summary>
    public int Limit { get; init; } = 20;
}

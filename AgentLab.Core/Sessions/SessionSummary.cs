using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Core.Sessions;

/// <summary>Where a session stands: the state of its newest run.</summary>
public enum SessionStatus
{
    /// <summary>Nothing has run in it yet.</summary>
    Idle,

    /// <summary>A run is going on.</summary>
    Running,

    /// <summary>A run waits for a person.</summary>
    Waiting,

    /// <summary>The newest run reached its end.</summary>
    Completed,

    /// <summary>The newest run failed.</summary>
    Failed,

    /// <summary>The newest run was stopped.</summary>
    Cancelled,
}

/// <summary>A session without its events.</summary>
public sealed record SessionSummary
{
    /// <summary>The session.</summary>
    public required SessionId Id { get; init; }

    /// <summary>The user who owns it.</summary>
    public required Guid OwnerId { get; init; }

    /// <summary>The project it belongs to.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>The agent that answers in it; null in a workflow's session.</summary>
    public Guid? AgentId { get; init; }

    /// <summary>The version of the agent that it keeps.</summary>
    public int? AgentVersion { get; init; }

    /// <summary>The agent's name when the session began.</summary>
    public string? AgentName { get; init; }

    /// <summary>The workflow that runs in it; null in an agent's session.</summary>
    public WorkflowReference? Workflow { get; init; }

    /// <summary>The name of the agent or the workflow.</summary>
    public string WorkerName => AgentName ?? Workflow?.Name ?? string.Empty;

    /// <summary>What it is called.</summary>
    public required string Title { get; init; }

    /// <summary>Where it stands.</summary>
    public required SessionStatus Status { get; init; }

    /// <summary>The run that is going on or waiting, if any.</summary>
    public RunId? ActiveRunId { get; init; }

    /// <summary>The last committed sequence.</summary>
    public required long Head { get; init; }

    /// <summary>How many messages people sent.</summary>
    public int Messages { get; init; }

    /// <summary>What its model calls used in all.</summary>
    public UsageTotals Usage { get; init; } = UsageTotals.Zero;

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its newest event was appended; up to a second earlier while nothing but an answer's streamed parts comes.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>An artifact without its content.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Sequence">The event that made it.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Kind"><c>text</c>, <c>file</c>, <c>table</c> or <c>json</c>.</param>
/// <param name="ContentType">The media type.</param>
/// <param name="Size">Bytes.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record ArtifactSummary(Guid Id, long Sequence, string Name, string Kind, string ContentType, long Size, DateTimeOffset CreatedAt);

/// <summary>Which sessions to list.</summary>
public sealed record SessionQuery
{
    /// <summary>Only this owner's; null for all (administrators).</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>Only sessions with this agent.</summary>
    public Guid? AgentId { get; init; }

    /// <summary>Only sessions of this workflow.</summary>
    public Guid? WorkflowId { get; init; }

    /// <summary>Only sessions in this state.</summary>
    public SessionStatus? Status { get; init; }

    /// <summary>Only sessions whose title contains this text, letters compared without case; special characters are plain text.</summary>
    public string? Text { get; init; }

    /// <summary>The opaque cursor of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many, 1 to 100. Default: 20.</summary>
    public int Limit { get; init; } = 20;
}

/// <summary>One page of a list.</summary>
/// <param name="Items">The items, newest first unless the list says otherwise.</param>
/// <param name="NextCursor">Where the next page starts; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

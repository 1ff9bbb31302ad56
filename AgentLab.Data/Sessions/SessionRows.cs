using AgentLab.Core.Sessions;

namespace AgentLab.Data.Sessions;

/// <summary>The root row of a session and the projection of its log. Written by the log writer only, but for <see cref="Title"/> and <see cref="DeletedAt"/>.</summary>
internal sealed class SessionRow
{
    /// <summary>The key inside the database.</summary>
    public long Key { get; set; }

    /// <summary>The id outside.</summary>
    public required string Id { get; set; }

    public Guid OwnerId { get; set; }

    public Guid ProjectId { get; set; }

    public Guid? AgentId { get; set; }

    public int? AgentVersion { get; set; }

    public string? AgentName { get; set; }

    /// <summary>The workflow that runs in it, empty for a file that was never saved; null in an agent's session.</summary>
    public Guid? WorkflowId { get; set; }

    public int? WorkflowVersion { get; set; }

    public string? WorkflowName { get; set; }

    public required string Title { get; set; }

    /// <summary>The title in upper case, by which it is searched on every database alike.</summary>
    public required string NormalizedTitle { get; set; }

    public SessionStatus Status { get; set; }

    /// <summary>The run that is running or waiting.</summary>
    public Guid? ActiveRunId { get; set; }

    /// <summary>The fencing number of that run, 0 without one; here too, since a guard may trust only the row that it has locked.</summary>
    public long ActiveFence { get; set; }

    /// <summary>The last committed sequence.</summary>
    public long Head { get; set; }

    /// <summary>The hash of the event at <see cref="Head"/>.</summary>
    public required byte[] HeadHash { get; set; }

    public int Messages { get; set; }

    public long InputTokens { get; set; }

    public long OutputTokens { get; set; }

    /// <summary>Billionths of the price table's currency.</summary>
    public long CostNanos { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }

    /// <summary>Set when it was deleted: it is gone for every reader; its rows stay until a retention rule removes them.</summary>
    public long? DeletedAt { get; set; }
}

/// <summary>One event. Clustered by (session, sequence).</summary>
internal sealed class SessionEventRow
{
    public long SessionKey { get; set; }

    public long Sequence { get; set; }

    /// <summary>The append that wrote it, random: found again after a lost answer to COMMIT.</summary>
    public long AppendId { get; set; }

    public Guid? RunId { get; set; }

    public string? StepId { get; set; }

    public int Attempt { get; set; }

    public required string Type { get; set; }

    public int V { get; set; }

    public long At { get; set; }

    /// <summary>The content as UTF-8 JSON: bytes, since a text type of one of the databases could change them.</summary>
    public required byte[] Data { get; set; }

    /// <summary>SHA-256 over the hash before and the event's JSON.</summary>
    public required byte[] Hash { get; set; }
}

/// <summary>Where a run stands.</summary>
internal enum RunStatus
{
    Running,
    Waiting,
    Completed,
    Failed,
    Cancelled,
}

/// <summary>The projection of a run, and who owns it.</summary>
internal sealed class RunRow
{
    public long Key { get; set; }

    public Guid Id { get; set; }

    public long SessionKey { get; set; }

    public Guid OwnerId { get; set; }

    public Guid ProjectId { get; set; }

    public RunStatus Status { get; set; }

    public required string Trigger { get; set; }

    public Guid? AgentId { get; set; }

    public int? AgentVersion { get; set; }

    public Guid? WorkflowId { get; set; }

    public int? WorkflowVersion { get; set; }

    public string? WorkflowName { get; set; }

    /// <summary>The id of the node that holds it, or held it last. Without a row of that node nobody holds it.</summary>
    public required string Node { get; set; }

    /// <summary>Rises with each new holder; an append under a lower number is refused.</summary>
    public long Fence { get; set; }

    /// <summary>When a person asked it to stop.</summary>
    public long? StopRequestedAt { get; set; }

    public long StartedAt { get; set; }

    /// <summary>When a model said its first word in this run; null until the first model call has ended.</summary>
    public long? FirstWordAt { get; set; }

    public long? EndedAt { get; set; }

    /// <summary>How often it was taken up from a holder that had ended, since its last step began.</summary>
    public int Recoveries { get; set; }

    public int Steps { get; set; }

    public long InputTokens { get; set; }

    public long OutputTokens { get; set; }

    public long CostNanos { get; set; }

    public string? ErrorCode { get; set; }
}

/// <summary>The projection of an artifact; its content is in its event or in a blob.</summary>
internal sealed class ArtifactRow
{
    public long SessionKey { get; set; }

    public long Sequence { get; set; }

    public Guid Id { get; set; }

    public required string Name { get; set; }

    public required string Kind { get; set; }

    public required string ContentType { get; set; }

    public long Size { get; set; }

    public string? BlobHash { get; set; }

    public long CreatedAt { get; set; }
}

/// <summary>That a session refers to a blob: what decides who may read it, and when it may be purged.</summary>
internal sealed class SessionBlobRow
{
    public long SessionKey { get; set; }

    public required string Hash { get; set; }
}

/// <summary>A request that took effect, with its answer.</summary>
internal sealed class IdempotencyRow
{
    public required string Principal { get; set; }

    public required string Route { get; set; }

    public required string RequestKey { get; set; }

    public required string BodyHash { get; set; }

    /// <summary>JSON of what it answered.</summary>
    public required string Answer { get; set; }

    public long CreatedAt { get; set; }
}

/// <summary>The next key that a process may take for new rows of a table; keys are taken in blocks.</summary>
internal sealed class KeyBlockRow
{
    public required string Name { get; set; }

    public long NextKey { get; set; }
}

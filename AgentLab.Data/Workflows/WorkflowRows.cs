namespace AgentLab.Data.Workflows;

/// <summary>The root row of a workflow: what lists show. Its draft is beside it, so that a list reads no graph.</summary>
internal sealed class WorkflowRow
{
    /// <summary>The key inside the database.</summary>
    public long Key { get; set; }

    /// <summary>The id outside (UUIDv7).</summary>
    public Guid Id { get; set; }

    public Guid OwnerId { get; set; }

    public Guid ProjectId { get; set; }

    /// <summary>Never changed and never given to another workflow, not even after a deletion: links keep their meaning.</summary>
    public required string Slug { get; set; }

    public required string Name { get; set; }

    /// <summary>The name by which an owner's workflows are unique and all are searched; null once deleted, so that the name is free again.</summary>
    public string? NormalizedName { get; set; }

    public required string Description { get; set; }

    /// <summary>The tags, each ended by a line feed.</summary>
    public required string Tags { get; set; }

    /// <summary>The tags in upper case, a line feed before each and behind the last: one is found with the line feeds round it.</summary>
    public required string NormalizedTags { get; set; }

    /// <summary>How many nodes the draft has.</summary>
    public int Nodes { get; set; }

    /// <summary>Whether its triggers are on.</summary>
    public bool Active { get; set; }

    /// <summary>Whether its published version is offered in the gallery.</summary>
    public bool Offered { get; set; }

    /// <summary>The draft's revision, from 1.</summary>
    public long Revision { get; set; }

    /// <summary>SHA-256 (hex) of the draft's bytes.</summary>
    public required string DraftHash { get; set; }

    /// <summary>The newest published version; null for none.</summary>
    public int? PublishedVersion { get; set; }

    /// <summary>SHA-256 (hex) of that version's bytes.</summary>
    public string? PublishedHash { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }

    /// <summary>When it was deleted; null while it is there.</summary>
    public long? DeletedAt { get; set; }

    /// <summary>The same row for another context.</summary>
    public WorkflowRow Copy() => (WorkflowRow)MemberwiseClone();
}

/// <summary>The draft of a workflow.</summary>
internal sealed class WorkflowDraftRow
{
    public long WorkflowKey { get; set; }

    /// <summary>The definition as compact UTF-8 JSON.</summary>
    public required byte[] Definition { get; set; }
}

/// <summary>One published version; never changed.</summary>
internal sealed class WorkflowVersionRow
{
    public long WorkflowKey { get; set; }

    public int Version { get; set; }

    /// <summary>The definition as compact UTF-8 JSON.</summary>
    public required byte[] Definition { get; set; }

    public required string Note { get; set; }

    public long PublishedAt { get; set; }

    public Guid PublishedBy { get; set; }
}

/// <summary>One change of a draft: the newest of them tell which gestures took effect and what a later one was made on.</summary>
internal sealed class WorkflowGestureRow
{
    public long WorkflowKey { get; set; }

    /// <summary>The draft's revision with it.</summary>
    public long Revision { get; set; }

    /// <summary>The maker's name for it, so that it takes effect once.</summary>
    public Guid Gesture { get; set; }

    /// <summary>The revision that it was made on.</summary>
    public long BaseRevision { get; set; }

    public required string Label { get; set; }

    public Guid MadeBy { get; set; }

    public long MadeAt { get; set; }

    /// <summary>What it did, as compact UTF-8 JSON.</summary>
    public required byte[] Operations { get; set; }

    /// <summary>The whole draft with it, here and there: later revisions are rebuilt from the newest one before them.</summary>
    public byte[]? Snapshot { get; set; }
}

/// <summary>An address that starts a published, active workflow.</summary>
internal sealed class WorkflowHookRow
{
    public required string Method { get; set; }

    public required string Slug { get; set; }

    public long WorkflowKey { get; set; }

    /// <summary>The trigger's node.</summary>
    public required string Node { get; set; }
}

/// <summary>That the end of one workflow's runs starts another, published and active one.</summary>
internal sealed class WorkflowEventRow
{
    public long WorkflowKey { get; set; }

    /// <summary>The trigger's node.</summary>
    public required string Node { get; set; }

    /// <summary>Whose runs it follows.</summary>
    public Guid SourceId { get; set; }

    /// <summary>Which ends start it: the statuses, split by commas.</summary>
    public required string Statuses { get; set; }
}

/// <summary>That a run of a workflow ended on which others wait; committed with the end and taken away when each of them was started.</summary>
internal sealed class WorkflowEndRow
{
    public Guid RunId { get; set; }

    /// <summary>The workflow that it was a run of.</summary>
    public Guid WorkflowId { get; set; }

    public required string Status { get; set; }

    public long EndedAt { get; set; }
}

namespace AgentLab.Data.Workflows.ActionBlocks;

/// <summary>An action block.</summary>
internal sealed class ActionBlockRow
{
    /// <summary>The key inside the database.</summary>
    public long Key { get; set; }

    /// <summary>The id outside (UUIDv7).</summary>
    public Guid Id { get; set; }

    public Guid OwnerId { get; set; }

    public Guid ProjectId { get; set; }

    public required string Name { get; set; }

    /// <summary>The name by which a project's blocks are unique, sorted and searched.</summary>
    public required string NormalizedName { get; set; }

    public required string Description { get; set; }

    /// <summary>The kind of node.</summary>
    public required string Kind { get; set; }

    /// <summary>The node's settings as compact UTF-8 JSON.</summary>
    public required byte[] Settings { get; set; }

    /// <summary>The keywords, each ended by a line feed.</summary>
    public required string Keywords { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }
}

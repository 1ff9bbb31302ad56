using AgentLab.Core.Agents;

namespace AgentLab.Data.Agents;

/// <summary>The root row of an agent.</summary>
internal sealed class AgentRow
{
    /// <summary>The key inside the database.</summary>
    public long Key { get; set; }

    /// <summary>The id outside (UUIDv7).</summary>
    public Guid Id { get; set; }

    /// <summary>Never changed and never given to another agent, not even after a deletion: links keep their meaning.</summary>
    public required string Slug { get; set; }

    public required string Name { get; set; }

    /// <summary>
    /// The name by which agents are unique, searched and sorted; null once deleted, so that the name is free again. Nulls do not collide in a unique
    /// index of SQLite and PostgreSQL, and SQL Server's index leaves them out.
    /// </summary>
    public string? NormalizedName { get; set; }

    public AgentStatus Status { get; set; }

    public AgentType Type { get; set; }

    /// <summary>Whether it is offered in the gallery.</summary>
    public bool Offered { get; set; }

    /// <summary>The newest version, from 1.</summary>
    public int Version { get; set; }

    public Guid OwnerId { get; set; }

    public Guid ProjectId { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }

    /// <summary>When it was deleted; null while it is there.</summary>
    public long? DeletedAt { get; set; }
}

/// <summary>One saved version of an agent; never changed.</summary>
internal sealed class AgentVersionRow
{
    public long AgentKey { get; set; }

    public int Version { get; set; }

    /// <summary>The definition as UTF-8 JSON.</summary>
    public required byte[] Definition { get; set; }

    public long SavedAt { get; set; }

    public Guid SavedBy { get; set; }
}

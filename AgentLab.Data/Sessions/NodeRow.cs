namespace AgentLab.Data.Sessions;

/// <summary>A node that serves the database, for as long as its lease is not over or it was not struck out since.</summary>
internal sealed class NodeRow
{
    /// <summary>Never used twice.</summary>
    public required string Id { get; set; }

    public required string Name { get; set; }

    /// <summary>By the database's clock, as <see cref="LeaseUntil"/>.</summary>
    public long StartedAt { get; set; }

    public long LeaseUntil { get; set; }
}

namespace AgentLab.Data.Providers;

/// <summary>A provider made in the Providers page.</summary>
internal sealed class ProviderRow
{
    /// <summary>The slug, the same inside and outside.</summary>
    public required string Id { get; set; }

    /// <summary>The person who made it; <see cref="Guid.Empty"/> is the instance itself.</summary>
    public Guid OwnerId { get; set; }

    public long ProjectKey { get; set; }

    public required string Name { get; set; }

    public short Kind { get; set; }

    public string? Endpoint { get; set; }

    /// <summary>JSON.</summary>
    public required string Models { get; set; }

    public bool Enabled { get; set; }

    public int Position { get; set; }

    public bool IsFallback { get; set; }

    /// <summary>Sealed by data protection; never leaves but for the client that calls the provider.</summary>
    public string? SealedKey { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }
}

namespace AgentLab.Data.Blobs;

/// <summary>Content outside an event or a row, kept once for each hash.</summary>
internal sealed class BlobRow
{
    /// <summary>SHA-256 of the content, lower-case hex.</summary>
    public required string Sha256 { get; set; }

    /// <summary>Bytes.</summary>
    public long Size { get; set; }

    public required string ContentType { get; set; }

    public required byte[] Content { get; set; }

    public long CreatedAt { get; set; }
}

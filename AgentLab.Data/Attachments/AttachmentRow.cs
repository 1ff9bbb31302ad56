namespace AgentLab.Data.Attachments;

/// <summary>A file that was uploaded to go along with a message. What is sent is in the message's event; this row only lasts until then.</summary>
internal sealed class AttachmentRow
{
    /// <summary>The key inside the database.</summary>
    public long Key { get; set; }

    /// <summary>The id outside (UUIDv7).</summary>
    public Guid Id { get; set; }

    public Guid OwnerId { get; set; }

    public Guid ProjectId { get; set; }

    public required string Name { get; set; }

    public required string ContentType { get; set; }

    /// <summary>Bytes.</summary>
    public long Size { get; set; }

    /// <summary>SHA-256 (hex) of the content, which is a blob.</summary>
    public required string BlobHash { get; set; }

    public long CreatedAt { get; set; }
}

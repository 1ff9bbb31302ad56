namespace AgentLab.Core.Tools;

/// <summary>A file that a person added to a session.</summary>
/// <param name="Name">Unique in its session, with its extension: "orders-march.csv".</param>
/// <param name="ContentType">The media type, such as text/csv.</param>
/// <param name="Size">In bytes.</param>
public sealed record Attachment(string Name, string ContentType, long Size);

/// <summary>Reads the attachments of one session: whoever makes the reader has already decided which session and who may read it.</summary>
public interface IAttachmentReader
{
    /// <summary>All attachments, oldest first.</summary>
    Task<IReadOnlyList<Attachment>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Opens one for reading from its start; the caller disposes it. Null when there is none of that name (exact match).</summary>
    Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken);
}

/// <summary>A session without attachments.</summary>
public sealed class NoAttachments : IAttachmentReader
{
    public static readonly NoAttachments Instance = new();

    private NoAttachments()
    {
    }

    public Task<IReadOnlyList<Attachment>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Attachment>>([]);

    public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) => Task.FromResult<Stream?>(null);
}

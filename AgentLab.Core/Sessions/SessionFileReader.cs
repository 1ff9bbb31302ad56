using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using FileInfo = AgentLab.Core.Tools.Attachment;

namespace AgentLab.Core.Sessions;

/// <summary>
/// The files that came with the messages of one session, read from the session's own log. A message that was replaced takes its files with it, since the
/// one in its place names those that are still meant. Two files of one name and different content become "a.csv" and "a (2).csv".
/// </summary>
internal sealed class SessionFileReader(ISessionReader reader, SessionId sessionId) : IAttachmentReader
{
    private const int PageSize = 500;
    private static readonly string[] MessageTypes = ["message.user"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FileInfo>> ListAsync(CancellationToken cancellationToken)
    {
        var files = await FilesAsync(cancellationToken);
        return [.. files.Select(file => new FileInfo(file.Name, file.ContentType, file.Size))];
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var files = await FilesAsync(cancellationToken);
        return files.FirstOrDefault(file => file.Name == name) is { } found
            && await reader.BlobAsync(sessionId, found.Blob, cancellationToken) is { } blob
            ? new MemoryStream(blob.Content.ToArray(), writable: false)
            : null;
    }

    private async Task<List<AttachmentReference>> FilesAsync(CancellationToken cancellationToken)
    {
        var sent = new List<(long Sequence, AttachmentReference File)>();
        var after = 0L;
        IReadOnlyList<SessionEvent> page;
        do
        {
            page = await reader.ReadAsync(sessionId, after, long.MaxValue, PageSize, MessageTypes, descending: false, cancellationToken);
            foreach (var message in page)
            {
                Fold(message, sent);
            }

            after = page.Count > 0 ? page[^1].Sequence : after;
        }
        while (page.Count == PageSize);
        return [.. NameApart(sent.Select(entry => entry.File)).Select(named => named.File with { Name = named.Name })];
    }

    private static void Fold(SessionEvent message, List<(long Sequence, AttachmentReference File)> sent)
    {
        if (message.Data is not MessageUser user)
        {
            return;
        }

        if (user.Replaces is { } replaced)
        {
            sent.RemoveAll(entry => entry.Sequence >= replaced);
        }

        sent.AddRange((user.Attachments ?? []).Select(file => (message.Sequence, file)));
    }

    /// <summary>Each different file once, in the order in which they were sent, under the name that tools know it by.</summary>
    internal static List<(AttachmentReference File, string Name)> NameApart(IEnumerable<AttachmentReference> sent)
    {
        var named = new List<(AttachmentReference File, string Name)>();
        foreach (var file in sent)
        {
            if (!named.Exists(other => other.File.Name == file.Name && other.File.Blob == file.Blob))
            {
                named.Add((file, FreeName(file.Name, named)));
            }
        }

        return named;
    }

    private static string FreeName(string name, List<(AttachmentReference File, string Name)> taken)
    {
        var free = name;
        for (var n = 2; taken.Exists(other => string.Equals(other.Name, free, StringComparison.OrdinalIgnoreCase)); n++)
        {
            free = $"{Path.GetFileNameWithoutExtension(name)} ({n}){Path.GetExtension(name)}";
        }

        return free;
    }
}

using AgentLab.Core.Tools;

namespace AgentLab.Core.Sessions;

/// <summary>Opens the files of sessions over their logs and the blobs that their events refer to.</summary>
/// <param name="reader">Reads both; a hash that no event of the session names opens nothing.</param>
public sealed class SessionAttachments(ISessionReader reader) : ISessionAttachments
{
    /// <inheritdoc/>
    public IAttachmentReader Open(SessionId session) => new SessionFileReader(reader, session);
}

using AgentLab.Core.Tools;

namespace AgentLab.Core.Sessions;

/// <summary>Gives tools the files that came with a session's own messages.</summary>
public interface ISessionAttachments
{
    /// <summary>A reader over this session's files and no other's.</summary>
    IAttachmentReader Open(SessionId session);
}

namespace AgentLab.Core.Sessions;

/// <summary>The few things about a session that are not events.</summary>
public interface ISessionStore
{
    /// <summary>Gives the session another title; nothing happens when there is none.</summary>
    Task RenameAsync(SessionId id, string title, CancellationToken cancellationToken);

    /// <summary>Marks the session deleted; false while a run is going on in it (or when there is none). Its viewers' streams end.</summary>
    Task<bool> DeleteAsync(SessionId id, CancellationToken cancellationToken);
}

using AgentLab.Core.Sessions;

namespace AgentLab.Core.Identity;

/// <summary>A signed-in person who looks at sessions: until the sign-in ends, at own ones, and at all as an administrator.</summary>
/// <param name="sessions">Knows whether the sign-in holds.</param>
/// <param name="signInSession">The sign-in.</param>
public sealed class SignedInViewer(ISignInSessions sessions, Guid signInSession) : ISessionViewer
{
    /// <inheritdoc/>
    public async ValueTask<bool> MayReadAsync(SessionSummary session, CancellationToken cancellationToken) =>
        await sessions.FindAsync(signInSession, cancellationToken) is { } person && person.ToActor().Owns(session.OwnerId);
}

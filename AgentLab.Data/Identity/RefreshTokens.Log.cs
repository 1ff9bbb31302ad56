using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Identity;

internal sealed partial class RefreshTokens
{
    [LoggerMessage(LogLevel.Warning, "A refresh token of user {UserId} was used a second time; sign-in session {SignInSession} is ended")]
    private partial void Reused(Guid userId, Guid signInSession);
}

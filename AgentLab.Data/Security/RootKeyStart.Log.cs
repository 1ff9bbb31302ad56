using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Security;

internal sealed partial class RootKeyStart
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A new root key was accepted: earlier sign-ins and provider keys can no longer be read")]
    private partial void LogAccepted();
}

using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Requests;

internal sealed partial class RequestPurge
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Old idempotency keys could not be removed; this is tried again in an hour")]
    private partial void LogFailed(Exception exception);
}

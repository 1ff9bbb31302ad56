using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Workflows;

internal sealed partial class RoomFollower
{
    [LoggerMessage(LogLevel.Warning, "What other nodes did to the open workflows could not be read; trying again")]
    private partial void LogFailed(Exception exception);
}

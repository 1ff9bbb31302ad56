using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Sessions.Feed;

internal sealed partial class TailFollower
{
    [LoggerMessage(LogLevel.Warning, "What other nodes wrote could not be read; viewers here are behind until it can. Trying again")]
    private partial void LogFailed(Exception exception);
}

using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Databases;

internal sealed partial class EpochKeeper
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is a restored copy: a new epoch begins and viewers start over")]
    private partial void LogRestored();
}

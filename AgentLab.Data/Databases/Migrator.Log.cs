using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Databases;

internal sealed partial class Migrator
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Applying {Count} migration(s) up to {Last}")]
    private partial void LogMigrating(int count, string last);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} does not answer yet; trying again in 1 s")]
    private partial void LogWaiting(DatabaseKind kind);
}

using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Databases;

internal sealed partial class DatabaseStart
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Database: SQLite {Version} in {Directory}")]
    private partial void LogSqlite(string version, string directory);

    [LoggerMessage(Level = LogLevel.Information, Message = "Database: {Kind}")]
    private partial void LogServer(DatabaseKind kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The epoch could not be refreshed; the next try is in 10 s")]
    private partial void LogRefreshFailed(Exception error);
}

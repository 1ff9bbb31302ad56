using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Databases.PostgreSql;

internal sealed partial class PostgreSqlHints
{
    [LoggerMessage(LogLevel.Warning, "Hints between the nodes do not travel just now; the nodes look for themselves about every second. Trying again")]
    private partial void LogAway(Exception exception);
}

using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Dashboard;

internal sealed partial class RunHoursKeeper
{
    [LoggerMessage(LogLevel.Warning, "The runs of an hour could not be added up; tried again in five minutes")]
    private partial void LogFailed(Exception error);
}

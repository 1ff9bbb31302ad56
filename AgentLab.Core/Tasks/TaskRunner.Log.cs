using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Tasks;

internal sealed partial class TaskRunner
{
    [LoggerMessage(LogLevel.Warning, "The queue of tasks could not be looked at; this is tried again in a second")]
    private static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "An attempt at task {Task} could not be started")]
    private static partial void NotStarted(ILogger logger, Exception exception, Guid task);

    [LoggerMessage(LogLevel.Warning, "The run of task {Task} could not be asked to end; it is asked again in half a minute")]
    private static partial void NotStopped(ILogger logger, Exception exception, Guid task);

    private void LogFailed(Exception exception) => Failed(_logger, exception);

    private void LogNotStopped(Exception exception, Guid task) => NotStopped(_logger, exception, task);

    private void LogNotStarted(Exception exception, Guid task) => NotStarted(_logger, exception, task);
}

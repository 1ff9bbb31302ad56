using AgentLab.Core.Sessions;
using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Workflows.Triggers;

internal sealed partial class WorkflowEventStarter
{
    [LoggerMessage(LogLevel.Warning, "Workflows that start by the end of others could not be started; this is tried again")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Run {Run} starts nothing by its end: {Most} runs have started one another in a row")]
    private partial void LogTooDeep(RunId run, int most);

    [LoggerMessage(LogLevel.Warning, "Workflow {Workflow} did not start by the end of run {Run}: {Reason}")]
    private partial void LogRefused(Guid workflow, RunId run, string reason);
}

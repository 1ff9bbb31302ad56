using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Workflows.Engine;

internal static partial class WorkflowRunMessages
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A node of the kind {Kind} broke at step {StepId}")]
    public static partial void NodeBroke(this ILogger logger, Exception error, string kind, string stepId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waits that are due could not be looked for; trying again")]
    public static partial void ClockFailed(this ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What other nodes left for runs of this one could not be read or answered; trying again")]
    public static partial void LettersNotRead(this ILogger logger, Exception error);
}

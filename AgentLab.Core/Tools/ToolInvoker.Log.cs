using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Tools;

public sealed partial class ToolInvoker
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Tool {Tool} in session {SessionId}, step {StepId}, did not end within {Seconds} s")]
    private partial void LogTimedOut(string tool, string sessionId, string stepId, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Tool {Tool} in session {SessionId}, step {StepId}, broke")]
    private partial void LogBroke(Exception exception, string tool, string sessionId, string stepId);
}

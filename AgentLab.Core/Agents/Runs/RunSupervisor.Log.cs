using AgentLab.Core.Sessions;
using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Agents.Runs;

internal static partial class RunSupervisorMessages
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId} of session {SessionId}, which nobody held, goes on here")]
    public static partial void RunTakenUp(this ILogger logger, RunId runId, string sessionId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId} belongs to another process by now; this one has let go of it")]
    public static partial void RunLost(this ILogger logger, Exception error, RunId runId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Run {RunId} broke")]
    public static partial void RunBroke(this ILogger logger, Exception error, RunId runId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "It could not be recorded that runs were let go without harm")]
    public static partial void RecoveriesNotCleared(this ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId} of session {SessionId} was taken up {Recoveries} times without getting any further; nothing else that was left is tried beside it")]
    public static partial void RunOnTrial(this ILogger logger, RunId runId, string sessionId, int recoveries);

    [LoggerMessage(Level = LogLevel.Error, Message = "Which runs were asked to stop could not be read; trying again")]
    public static partial void StopsNotRead(this ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "The runs that were left could not be taken up yet; trying again")]
    public static partial void RecoveryFailed(this ILogger logger, Exception error);
}

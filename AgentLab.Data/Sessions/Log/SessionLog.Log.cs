using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Sessions.Log;

internal static partial class SessionLogMessages
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A batch of {Appends} appends was not taken; each is tried by itself")]
    public static partial void BatchSplit(this ILogger logger, Exception error, int appends);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store is unavailable, attempt {Attempt}; trying again")]
    public static partial void BatchRetried(this ILogger logger, Exception error, int attempt);

    [LoggerMessage(Level = LogLevel.Error, Message = "Events of session {SessionId} could not be written")]
    public static partial void AppendFailed(this ILogger logger, Exception error, string sessionId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The answer to COMMIT was lost; the batch had landed: {Landed}")]
    public static partial void CommitAnswerLost(this ILogger logger, Exception error, bool landed);

    [LoggerMessage(Level = LogLevel.Error, Message = "Events of session {SessionId} are committed, but its viewers could not be told")]
    public static partial void ViewersNotTold(this ILogger logger, Exception error, string sessionId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Events are committed, but those who follow tasks could not be told")]
    public static partial void QueueNotTold(this ILogger logger, Exception error);
}

namespace AgentLab.Web.Features.Sessions.Streams;

internal sealed partial class EventStream
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A viewer of session {SessionId} at {Position} was cut off: a write stayed pending for {Seconds} s")]
    private static partial void LogStalled(ILogger logger, string sessionId, long position, double seconds);
}

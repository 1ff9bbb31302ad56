namespace AgentLab.Web.Hubs;

internal sealed partial class SessionHub
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A viewer of session {SessionId} at {Position} was cut off: a write to its hub connection stayed pending for {Seconds} s")]
    private partial void LogStalled(string sessionId, long position, double seconds);
}

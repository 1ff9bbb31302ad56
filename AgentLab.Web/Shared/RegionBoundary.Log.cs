namespace AgentLab.Web.Shared;

public sealed partial class RegionBoundary
{
    [LoggerMessage(EventId = 7001, Level = LogLevel.Error, Message = "A page region failed: {Region}, trace {TraceId}")]
    private static partial void LogFault(ILogger logger, Exception exception, string region, string traceId);
}

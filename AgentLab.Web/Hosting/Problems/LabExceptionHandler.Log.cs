namespace AgentLab.Web.Hosting.Problems;

internal sealed partial class LabExceptionHandler
{
    [LoggerMessage(LogLevel.Error, "Request {TraceId} failed")]
    private partial void Failed(Exception exception, string traceId);
}

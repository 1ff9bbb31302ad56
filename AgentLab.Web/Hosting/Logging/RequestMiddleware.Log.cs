namespace AgentLab.Web.Hosting.Logging;

internal sealed partial class RequestMiddleware
{
    [LoggerMessage(Message = "{Method} {Path} answered {Status} in {Milliseconds} ms")]
    private partial void Answered(LogLevel level, string method, string path, int status, long milliseconds);
}

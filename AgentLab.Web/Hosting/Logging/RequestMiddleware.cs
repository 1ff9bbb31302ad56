using System.Diagnostics;
using System.Text.RegularExpressions;

namespace AgentLab.Web.Hosting.Logging;

/// <summary>
/// Gives every request its id (an accepted <c>X-Request-Id</c> or the trace's), returns it, puts it in the log scope
/// and writes one line a request. Query strings and headers are never logged.
/// </summary>
internal sealed partial class RequestMiddleware(RequestDelegate next, TimeProvider time, ILogger<RequestMiddleware> logger)
{
    /// <summary>The header that carries the id both ways.</summary>
    public const string Header = "X-Request-Id";

    private static readonly PathString[] Quiet = ["/health", "/_framework", "/_content", "/_blazor", "/css", "/js", "/favicon.ico"];

    public async Task InvokeAsync(HttpContext context)
    {
        var id = Accept(context.Request.Headers[Header]) ?? Activity.Current?.TraceId.ToHexString() ?? Guid.CreateVersion7().ToString("N");
        context.TraceIdentifier = id;
        context.Response.OnStarting(SetHeader, context);
        var start = time.GetTimestamp();
        using var scope = logger.BeginScope(new Dictionary<string, object> { ["RequestId"] = id });
        try
        {
            await next(context);
        }
        finally
        {
            Write(context, time.GetElapsedTime(start));
        }
    }

    private void Write(HttpContext context, TimeSpan elapsed)
    {
        var status = context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted ? 499 : context.Response.StatusCode;
        // A webhook that is answered is in its run's own record; thousands of them a second need no line each.
        var level = status >= 500 ? LogLevel.Error
            : status < 400 && context.Request.Path.StartsWithSegments("/hooks") ? LogLevel.Debug
            : Array.Exists(Quiet, p => context.Request.Path.StartsWithSegments(p)) ? LogLevel.Debug
            : LogLevel.Information;
        if (logger.IsEnabled(level))
        {
            var path = Printable(context.Request.Path);
            Answered(level, context.Request.Method, path, status, (long)elapsed.TotalMilliseconds);
        }
    }

    // At the last moment: the exception handler clears what was set before.
    private static Task SetHeader(object context)
    {
        ((HttpContext)context).Response.Headers[Header] = ((HttpContext)context).TraceIdentifier;
        return Task.CompletedTask;
    }

    private static string? Accept(string? value) => value is not null && Allowed().IsMatch(value) ? value : null;

    // A path is decoded before it comes here and may hold line breaks, which would forge lines in a text log.
    private static string Printable(PathString path) =>
        string.Concat((path.Value ?? "").Take(500).Select(c => char.IsControl(c) ? '?' : c));

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Allowed();
}

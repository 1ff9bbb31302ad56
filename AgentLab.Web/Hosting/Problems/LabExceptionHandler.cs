using System.Data.Common;
using System.Text.Json;
using AgentLab.Core.Sessions;
using Microsoft.AspNetCore.Diagnostics;

namespace AgentLab.Web.Hosting.Problems;

/// <summary>The last stop of an exception: one log line with the id, one problem without its insides.</summary>
internal sealed partial class LabExceptionHandler(ILogger<LabExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (code, detail) = Classify(exception);
        if (code == ErrorCodes.InternalError)
        {
            Failed(exception, httpContext.TraceIdentifier);
        }

        await ProblemsSetup.ShowAsync(httpContext, code, detail);
        return true;
    }

    private static (string Code, string? Detail) Classify(Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => (ErrorCodes.MalformedRequest, Where(json)),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (ErrorCodes.RequestTooLarge, null),
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => (ErrorCodes.UnsupportedMediaType, null),
        BadHttpRequestException bad => (ErrorCodes.MalformedRequest, bad.Message),
        Microsoft.AspNetCore.Antiforgery.AntiforgeryValidationException => (ErrorCodes.MalformedRequest, "The form has expired. Reload the page and send it again."),
        TimeoutException or SessionLogUnavailableException or DbException { IsTransient: true } => (ErrorCodes.Unavailable, null),
        _ => (ErrorCodes.InternalError, null),
    };

    private static string Where(JsonException json) =>
        $"The body is not the JSON expected here: {(json.Path is { Length: > 1 } path ? $"at {path}, " : "")}"
        + $"line {(json.LineNumber ?? 0) + 1}, byte {(json.BytePositionInLine ?? 0) + 1}.";
}

using System.Data.Common;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentLab.Core.Sessions;
using Microsoft.AspNetCore.Diagnostics;

namespace AgentLab.Web.Hosting.Problems;

/// <summary>The last stop of an exception: one log line with the id, one problem without its insides.</summary>
internal sealed partial class LabExceptionHandler(ILogger<LabExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (code, detail, field) = Classify(exception);
        if (code == ErrorCodes.InternalError)
        {
            Failed(exception, httpContext.TraceIdentifier);
        }

        await ProblemsSetup.ShowAsync(httpContext, code, detail, field);
        return true;
    }

    private static (string Code, string? Detail, string? Field) Classify(Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => (ErrorCodes.MalformedRequest, Where(json), FieldOf(json)),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (ErrorCodes.RequestTooLarge, null, null),
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => (ErrorCodes.UnsupportedMediaType, null, null),
        BadHttpRequestException bad when Parameter().Match(bad.Message) is { Success: true } bound => (ErrorCodes.MalformedRequest, Said(bound), bound.Groups["name"].Value),
        BadHttpRequestException bad => (ErrorCodes.MalformedRequest, bad.Message, null),
        Microsoft.AspNetCore.Antiforgery.AntiforgeryValidationException => (ErrorCodes.MalformedRequest, "The form has expired. Reload the page and send it again.", null),
        TimeoutException or SessionLogUnavailableException or DbException { IsTransient: true } => (ErrorCodes.Unavailable, null, null),
        _ => (ErrorCodes.InternalError, null, null),
    };

    private static string Where(JsonException json) =>
        $"The body is not the JSON expected here: {(json.Path is { Length: > 1 } path ? $"at {path}, " : "")}"
        + $"line {(json.LineNumber ?? 0) + 1}, byte {(json.BytePositionInLine ?? 0) + 1}.";

    /// <summary>$.definition.name is the field definition.name.</summary>
    private static string FieldOf(JsonException json) => json.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "body";

    private static string Said(Match bound) => bound.Groups["value"].Success
        ? $"{bound.Groups["name"].Value} cannot be \"{bound.Groups["value"].Value}\": see the API's description for what it takes."
        : $"{bound.Groups["name"].Value} is missing.";

    [GeneratedRegex("""^(?:Failed to bind parameter "(?:[^"]* )?(?<name>\w+)" from "(?<value>.*)"\.|Required parameter "(?:[^"]* )?(?<name>\w+)" was not provided.*)$""", RegexOptions.Singleline)]
    private static partial Regex Parameter();
}

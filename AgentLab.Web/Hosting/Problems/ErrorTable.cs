using System.Collections.Frozen;
using AgentLab.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using static AgentLab.Web.Hosting.Problems.ErrorCodes;

namespace AgentLab.Web.Hosting.Problems;

/// <summary>
/// Every error that AgentLab answers with over HTTP, as RFC 9457 problems: <c>type, title, status, detail, instance, code,
/// traceId</c>. Endpoints make their problems here, so that a code always has the same status and title.
/// </summary>
public static class ErrorTable
{
    /// <summary>All rows, in the order of docs/errors.md.</summary>
    public static IReadOnlyList<ErrorEntry> Entries { get; } =
    [
        new(MalformedRequest, 400, "The request could not be read.", "Send a body of valid JSON with the types that the API's description names; `errors` names the field."),
        new(ErrorCodes.Invalid, 400, "The request holds values that are not allowed.", "See `errors`: each entry names a field, what was wrong and what is allowed."),
        new(NotSignedIn, 401, "Sign-in is needed.", "Sign in, or send a valid access token: `Authorization: Bearer ...`. An expired one is renewed at `/api/v1/auth/refresh`."),
        new(SignInFailed, 401, "The name or the password is wrong.", "Check both. After 5 wrong passwords an account is locked for 15 minutes."),
        new(RefreshRefused, 401, "The refresh token is not valid.", "Sign in again: the token is unknown, expired, revoked or was used before."),
        new(SignatureRefused, 401, "The request to a webhook is not signed as it must be.", "Sign it with the webhook's secret as docs/workflows-api.md says, at the time of sending."),
        new(AccountDisabled, 403, "This account is disabled.", "Ask an administrator to enable it."),
        new(Forbidden, 403, "Your role does not allow this.", "Ask an administrator for the role that the action needs."),
        new(CrossOrigin, 403, "The request came from another site.", "Use AgentLab's own pages, or send a bearer token from an origin listed in `AgentLab:Http:CorsOrigins`."),
        new(ErrorCodes.NotFound, 404, "There is nothing here, or it is not yours to see.", "Check the address and the id."),
        new(MethodNotAllowed, 405, "This address does not take that method.", "See the `Allow` header for the methods that it takes."),
        new(NotAcceptable, 406, "The answer does not exist in the format asked for.", "Ask for `application/json`, or for `text/event-stream` on streams."),
        new(ErrorCodes.Conflict, 409, "The request does not fit the present state.", "Read the object again, then decide."),
        new(AgentDisabled, 409, "The agent is disabled.", "Choose another agent, or ask its owner to enable it."),
        new(AgentNotActive, 409, "The agent is not active.", "Activate it, then offer it in the gallery."),
        new(RunActive, 409, "The session has a run that has not ended.", "Wait for its end, or stop it first.", Retry: true),
        new(RunNotActive, 409, "The session has no run to stop.", "Read the session: its run has ended."),
        new(RunNotPaused, 409, "The session's run does not wait for a decision.", "Read the session: somebody decided already, or the run has ended."),
        new(NothingToRetry, 409, "The session has no message to answer again.", "Send a message first."),
        new(WorkflowSession, 409, "The session belongs to a run of a workflow that nobody talks to in it.", "Start another run of the workflow, or talk to it in a session of its own."),
        new(WorkflowNotPublished, 409, "The workflow has no published version.", "Publish it, or run its draft by hand."),
        new(WorkflowInactive, 409, "The workflow is switched off.", "Switch it on, or ask its owner to."),
        new(ApprovalDecided, 409, "The question was answered already.", "Read the run: it has gone on."),
        new(ApprovalExpired, 410, "The question can no longer be answered.", "Read the run: it went on without an answer."),
        new(ApprovalChanged, 409, "The answer is to other details than those that are asked about.", "Load the question again, look at its details and answer."),
        new(NameTaken, 409, "The name is taken.", "Choose another name; upper and lower case do not count."),
        new(VersionConflict, 409, "Somebody saved a newer version meanwhile.", "Read the object again, put your change in and save under its version."),
        new(EditConflict, 409, "Somebody changed the same part of the draft meanwhile.", "Read the draft again, put your change in and save under its revision."),
        new(BuilderMissing, 409, "There is no agent that builds workflows.", "Ask an administrator to make an agent of the type builder."),
        new(BuilderStopped, 409, "The answer was stopped by a person.", "Send the message again when you want the answer after all.", Retry: true),
        new(HookTaken, 409, "Another workflow has this webhook address.", "Give the webhook trigger another address, or switch the other workflow off."),
        new(RequestInProgress, 409, "The same request is being worked on.", "Repeat it under the same key in a moment to get its answer.", Retry: true),
        new(RequestTooLarge, 413, "The request is too large.", "Send less at once."),
        new(UnsupportedMediaType, 415, "The body's content type is not supported.", "Send `Content-Type: application/json`."),
        new(IdempotencyKeyReused, 422, "This Idempotency-Key was used with another body.", "Use a new key for a new request; repeat a request byte for byte under its key."),
        new(TooManyStreams, 429, "Too many streams are open.", "Close one first; the limit is `AgentLab:Streams:PerUser`.", Retry: true),
        new(TooManyRuns, 429, "Too many runs are going on or waiting for their turn.", "Wait for some to end.", Retry: true),
        new(RateLimited, 429, "Too many requests.", "Wait for as many seconds as `Retry-After` says.", Retry: true),
        new(InternalError, 500, "Something failed inside AgentLab.", "Try again; if it persists, give an administrator the `traceId`.", Retry: true),
        new(BuilderFailed, 503, "The builder could not finish its answer.", "The workflow is as it was. Try again, or say it in smaller steps.", Retry: true),
        new(ModelUnavailable, 503, "No model answers.", "Nothing was changed. Try again later, or choose another model for the agent.", Retry: true),
        new(SetupRequired, 503, "AgentLab is not set up yet.", "Open `/setup` in a browser, or set `AgentLab:Admin:Email` and `AgentLab:Admin:Password`.", Retry: true),
        new(Unavailable, 503, "A part that this needs is not available now.", "Try again shortly; `/health` names the part.", Retry: true),
        new(StillRunning, 504, "The run takes longer than the call could wait.", "It goes on: follow the session's events, or read its status later.", Retry: false),
        new(BuilderTimeout, 504, "The builder took too long and was stopped.", "The workflow is as it was. Ask for less at once, or choose a faster model for the agent.", Retry: true),
        new(TimedOut, 504, "The work took longer than an answer may wait.", "It goes on: read its state later instead of sending the request again.", Retry: true),
    ];

    private static readonly FrozenDictionary<string, ErrorEntry> ByCode = Entries.ToFrozenDictionary(e => e.Code, StringComparer.Ordinal);

    private static readonly FrozenDictionary<int, string> ByStatus = new Dictionary<int, string>
    {
        [400] = MalformedRequest,
        [401] = NotSignedIn,
        [403] = Forbidden,
        [404] = ErrorCodes.NotFound,
        [405] = MethodNotAllowed,
        [406] = NotAcceptable,
        [409] = ErrorCodes.Conflict,
        [413] = RequestTooLarge,
        [415] = UnsupportedMediaType,
        [429] = RateLimited,
        [503] = Unavailable,
        [504] = TimedOut,
    }.ToFrozenDictionary();

    /// <summary>The row of <paramref name="code"/>.</summary>
    /// <exception cref="KeyNotFoundException">The code has no row: add one here and in docs/errors.md.</exception>
    public static ErrorEntry Get(string code) =>
        ByCode.TryGetValue(code, out var entry) ? entry : throw new KeyNotFoundException($"'{code}' has no row in ErrorTable.");

    /// <summary>The row that fits an answer of which only the status is known.</summary>
    public static ErrorEntry ForStatus(int status) =>
        Get(ByStatus.GetValueOrDefault(status, status < 500 ? MalformedRequest : InternalError));

    /// <summary>A problem for an endpoint to return.</summary>
    /// <param name="code">One of <see cref="ErrorCodes"/>.</param>
    /// <param name="detail">What was wrong this time, a sentence; null gives what to do in general.</param>
    /// <param name="extensions">Further members, like the limit that was passed.</param>
    public static ProblemHttpResult Problem(string code, string? detail = null, IDictionary<string, object?>? extensions = null) =>
        TypedResults.Problem(Create(Get(code), detail, extensions));

    /// <summary>A problem that names the fields at fault, each with what was wrong and what is allowed.</summary>
    public static ProblemHttpResult Invalid(IDictionary<string, string[]> errors) =>
        TypedResults.Problem(CreateInvalid(errors));

    /// <summary>A problem about one field.</summary>
    public static ProblemHttpResult Invalid(string field, string message) =>
        Invalid(new Dictionary<string, string[]> { [field] = [message] });

    /// <summary>A problem for the errors of a failed outcome: the code of the first, and each field at fault by name.</summary>
    /// <param name="errors">At least one.</param>
    public static ProblemHttpResult Problem(IReadOnlyList<LabError> errors)
    {
        var fields = errors.Where(e => e.Field is not null).GroupBy(e => e.Field!, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(e => e.Message).ToArray(), StringComparer.Ordinal);
        return errors[0].Code == ErrorCodes.Invalid && fields.Count > 0
            ? Invalid(fields)
            : Problem(errors[0].Code, errors[0].Message);
    }

    /// <summary>Writes the problem of <paramref name="code"/> as the whole answer; does nothing once an answer has begun.</summary>
    /// <param name="context">The request.</param>
    /// <param name="code">One of <see cref="ErrorCodes"/>.</param>
    /// <param name="detail">What was wrong this time, a sentence.</param>
    /// <param name="field">The field at fault; null when it is none.</param>
    public static async Task WriteAsync(HttpContext context, string code, string? detail = null, string? field = null)
    {
        if (context.Response.HasStarted)
        {
            return;
        }

        var errors = field is null ? null : new Dictionary<string, object?> { ["errors"] = new Dictionary<string, string[]> { [field] = [detail ?? Get(code).Mend] } };
        var problem = Create(Get(code), detail, errors);
        context.Response.StatusCode = problem.Status!.Value;
        await context.RequestServices.GetRequiredService<IProblemDetailsService>()
            .WriteAsync(new() { HttpContext = context, ProblemDetails = problem });
    }

    internal static ProblemDetails Create(ErrorEntry entry, string? detail, IDictionary<string, object?>? extensions) =>
        Fill(new ProblemDetails(), entry, detail ?? entry.Mend, extensions);

    private static HttpValidationProblemDetails CreateInvalid(IDictionary<string, string[]> errors)
    {
        var entry = Get(ErrorCodes.Invalid);
        return Fill(new HttpValidationProblemDetails(errors), entry, entry.Mend, null);
    }

    private static T Fill<T>(T problem, ErrorEntry entry, string detail, IDictionary<string, object?>? extensions)
        where T : ProblemDetails
    {
        problem.Status = entry.Status;
        problem.Type = $"urn:agentlab:error:{entry.Code}";
        problem.Title = entry.Title;
        problem.Detail = detail;
        problem.Extensions["code"] = entry.Code;
        foreach (var (name, value) in extensions ?? new Dictionary<string, object?>())
        {
            problem.Extensions[name] = value;
        }

        return problem;
    }
}

using AgentLab.Core;
using AgentLab.Core.Agents;
using AgentLab.Core.Sessions;
using AgentLab.Data.Databases;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using AgentLab.Web.Hosting.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentLab.Web.Features.Sessions;

/// <summary><c>/api/v1/sessions</c>: what people do to sessions. Events are in <see cref="SessionEventsApi"/>, files in <see cref="SessionFilesApi"/>.</summary>
internal static class SessionsApi
{
    public static RouteGroupBuilder MapSessionsApi(this RouteGroupBuilder api)
    {
        var sessions = api.MapGroup("/sessions").WithTags("Sessions");
        sessions.MapGet("/", ListAsync).WithName("ListSessions");
        sessions.MapPost("/", StartAsync).WithName("StartSession").DescribesIdempotencyKey().RequireRateLimiting(RateLimitPolicies.Runs);

        var session = sessions.MapGroup("/{id}").CheckSessionId();
        session.MapGet("/", GetAsync).WithName("GetSession");
        session.MapPatch("/", ChangeAsync).WithName("ChangeSession");
        session.MapDelete("/", DeleteAsync).WithName("DeleteSession");
        session.MapPost("/messages", SendAsync).WithName("SendMessage").DescribesIdempotencyKey().RequireRateLimiting(RateLimitPolicies.Runs);
        session.MapPost("/notes", AddNoteAsync).WithName("AddNote").DescribesIdempotencyKey();
        session.MapPost("/stop", StopAsync).WithName("StopRun");
        session.MapPost("/retry", RetryAsync).WithName("RetryRun").DescribesIdempotencyKey().RequireRateLimiting(RateLimitPolicies.Runs);
        session.MapPost("/decisions", DecideAsync).WithName("DecideOutcome");
        session.MapSessionEventsApi();
        session.MapSessionFilesApi();
        return api;
    }

    /// <summary>Lists your sessions</summary>
    /// <remarks>Most recently changed first. Administrators see everyone's with <c>owner=all</c>.</remarks>
    /// <param name="caller">Who asks.</param>
    /// <param name="reader">Reads sessions.</param>
    /// <param name="agents">Finds the agent to filter by.</param>
    /// <param name="epoch">The epoch of the store.</param>
    /// <param name="agent">Only sessions with this agent: its id or slug.</param>
    /// <param name="status">Only sessions in this state: idle, running, waiting, completed, failed or cancelled.</param>
    /// <param name="q">Only sessions whose title contains this text.</param>
    /// <param name="owner">me (default) or, for administrators, all.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    /// <param name="limit">How many, 1 to 100. Default: 20.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Ok<PageResponse<SessionResponse>>, ProblemHttpResult>> ListAsync(
        Caller caller, ISessionReader reader, IAgentStore agents, IEpoch epoch,
        string? agent, string? status, string? q, string? owner, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var query = new SessionQuery
        {
            OwnerId = OwnerOf(owner, caller, checks),
            Status = checks.Word<SessionStatus>("status", status),
            Text = q,
            Cursor = cursor,
            Limit = checks.Limit(limit),
        };
        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        if (!string.IsNullOrEmpty(agent))
        {
            if (await agents.FindAsync(agent, caller.Actor, cancellationToken) is not { } found)
            {
                return ErrorTable.Invalid("agent", "There is no such agent; give an id or a slug of GET /api/v1/agents.");
            }

            query = query with { AgentId = found.Id };
        }

        return await reader.ListAsync(query, cancellationToken).AnswerAsync(s => SessionResponse.Of(s, epoch.Current));
    }

    /// <summary>Starts a session</summary>
    /// <remarks>Makes a session with its first message and starts the run that answers it: of an agent, or of a workflow that begins with a message. With <c>wait</c> the call stays until the run ends; a run that takes longer goes on, and the answer is 504 <c>still_running</c> with the session's id.</remarks>
    /// <param name="caller">Who asks.</param>
    /// <param name="body">The agent or the workflow, and the message.</param>
    /// <param name="commands">What people do to sessions.</param>
    /// <param name="runs">Waits for runs.</param>
    /// <param name="request">The request.</param>
    /// <param name="wait">How many seconds to wait for the run's end, 0 to 30. Default: 0.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Created<CommandResponse>, ProblemHttpResult>> StartAsync(
        Caller caller, StartSessionRequest body, ISessionCommands commands, RunWaiter runs, HttpRequest request, int? wait, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var seconds = checks.Within("wait", wait ?? 0, 0, RunWaiter.MaxSeconds);
        var command = new StartSession(body.Agent, body.Message ?? "") { Workflow = body.Workflow, Attachments = body.Attachments ?? [], Key = checks.Key(request) };
        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        var outcome = await commands.StartAsync(command, caller.Actor, cancellationToken);
        if (!outcome.Ok)
        {
            return ErrorTable.Problem(outcome.Errors);
        }

        var answer = await runs.AnswerAsync(outcome.Value, caller, seconds, cancellationToken);
        return answer is null
            ? RunWaiter.StillRunning(outcome.Value)
            : TypedResults.Created($"/api/v1/sessions/{answer.Id}", answer);
    }

    /// <summary>Reads a session without its events</summary>
    public static async Task<Results<Ok<SessionResponse>, ProblemHttpResult>> GetAsync(
        string id, Caller caller, ISessionReader reader, IEpoch epoch, CancellationToken cancellationToken) =>
        await reader.FindAsync(SessionId.Parse(id), cancellationToken) is { } session && caller.Actor.Owns(session.OwnerId)
            ? TypedResults.Ok(SessionResponse.Of(session, epoch.Current))
            : ErrorTable.Problem([LabError.NotFound("session")]);

    /// <summary>Renames a session</summary>
    public static async Task<Results<Ok<SessionResponse>, ProblemHttpResult>> ChangeAsync(
        string id, Caller caller, ChangeSessionRequest body, ISessionCommands commands, IEpoch epoch, CancellationToken cancellationToken)
    {
        var outcome = await commands.RenameAsync(SessionId.Parse(id), body.Title ?? "", caller.Actor, cancellationToken);
        return outcome.Ok ? TypedResults.Ok(SessionResponse.Of(outcome.Value, epoch.Current)) : ErrorTable.Problem(outcome.Errors);
    }

    /// <summary>Deletes a session</summary>
    /// <remarks>It is gone from every list and stream; a run must have ended before.</remarks>
    public static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string id, Caller caller, ISessionCommands commands, CancellationToken cancellationToken)
    {
        var outcome = await commands.DeleteAsync(SessionId.Parse(id), caller.Actor, cancellationToken);
        return outcome.Ok ? TypedResults.NoContent() : ErrorTable.Problem(outcome.Errors);
    }

    /// <summary>Sends a message</summary>
    /// <remarks>Starts a run that answers it; 409 <c>run_active</c> while another run goes on. <c>wait</c> as for starting a session: then the answer is 200 with the words of the agent or the workflow.</remarks>
    /// <param name="id">The session.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="body">The message.</param>
    /// <param name="commands">What people do to sessions.</param>
    /// <param name="runs">Waits for runs.</param>
    /// <param name="request">The request.</param>
    /// <param name="wait">How many seconds to wait for the run's end, 0 to 30. Default: 0.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Ok<CommandResponse>, Accepted<CommandResponse>, ProblemHttpResult>> SendAsync(
        string id, Caller caller, SendMessageRequest body, ISessionCommands commands, RunWaiter runs, HttpRequest request, int? wait, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var seconds = checks.Within("wait", wait ?? 0, 0, RunWaiter.MaxSeconds);
        var command = new SendMessage(SessionId.Parse(id), body.Text ?? "") { Attachments = body.Attachments ?? [], Replaces = body.Replaces, Key = checks.Key(request) };
        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        var outcome = await commands.SendAsync(command, caller.Actor, cancellationToken);
        return await AnswerAsync(outcome, caller, runs, seconds, cancellationToken);
    }

    /// <summary>Adds a note</summary>
    /// <remarks>A remark in the session's log (<c>note.added</c>), for people: no model is shown it and no run changes by it. It may be added while a run goes on. <c>sequence</c> of the answer is its event's.</remarks>
    public static async Task<Results<Created<CommandResponse>, ProblemHttpResult>> AddNoteAsync(
        string id, Caller caller, AddNoteRequest body, ISessionCommands commands, HttpRequest request, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var command = new AddNote(SessionId.Parse(id), body.Text ?? "") { Key = checks.Key(request) };
        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        var outcome = await commands.AddNoteAsync(command, caller.Actor, cancellationToken);
        return outcome.Ok
            ? TypedResults.Created($"/api/v1/sessions/{id}/events?after={outcome.Value.Sequence - 1}&limit=1", CommandResponse.Of(outcome.Value))
            : ErrorTable.Problem(outcome.Errors);
    }

    /// <summary>Stops the run that is going on</summary>
    /// <remarks>The run ends with <c>run.cancelled</c> soon after.</remarks>
    public static async Task<Results<Accepted<CommandResponse>, ProblemHttpResult>> StopAsync(
        string id, Caller caller, ISessionCommands commands, CancellationToken cancellationToken) =>
        Accepted(await commands.StopAsync(SessionId.Parse(id), caller.Actor, cancellationToken));

    /// <summary>Answers the newest message again</summary>
    /// <param name="id">The session.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="commands">What people do to sessions.</param>
    /// <param name="runs">Waits for runs.</param>
    /// <param name="request">The request.</param>
    /// <param name="wait">How many seconds to wait for the run's end, 0 to 30. Default: 0.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Ok<CommandResponse>, Accepted<CommandResponse>, ProblemHttpResult>> RetryAsync(
        string id, Caller caller, ISessionCommands commands, RunWaiter runs, HttpRequest request, int? wait, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var seconds = checks.Within("wait", wait ?? 0, 0, RunWaiter.MaxSeconds);
        var key = checks.Key(request);
        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        var outcome = await commands.RetryAsync(SessionId.Parse(id), key, caller.Actor, cancellationToken);
        return await AnswerAsync(outcome, caller, runs, seconds, cancellationToken);
    }

    /// <summary>Says what became of a step whose outcome is unknown</summary>
    /// <remarks>For a run that waits after <c>run.outcome_unknown</c>.</remarks>
    public static async Task<Results<Accepted<CommandResponse>, ProblemHttpResult>> DecideAsync(
        string id, Caller caller, DecideRequest body, ISessionCommands commands, CancellationToken cancellationToken) =>
        body.Decision is { } decision
            ? Accepted(await commands.DecideAsync(SessionId.Parse(id), decision, caller.Actor, cancellationToken))
            : ErrorTable.Invalid("decision", "A decision is needed: repeat or goOn.");

    private static Guid? OwnerOf(string? owner, Caller caller, RequestChecks checks)
    {
        switch (owner)
        {
            case null or "" or "me":
                return caller.Actor.UserId;
            case "all" when caller.Actor.IsAdministrator:
                return null;
            default:
                checks.Add("owner", "me is allowed, and all for administrators.");
                return caller.Actor.UserId;
        }
    }

    private static Results<Accepted<CommandResponse>, ProblemHttpResult> Accepted(Outcome<CommandReceipt> outcome) =>
        outcome.Ok ? Accepted(outcome.Value) : ErrorTable.Problem(outcome.Errors);

    private static Accepted<CommandResponse> Accepted(CommandReceipt receipt) =>
        TypedResults.Accepted($"/api/v1/sessions/{receipt.Session.Id.Value}", CommandResponse.Of(receipt));

    private static async Task<Results<Ok<CommandResponse>, Accepted<CommandResponse>, ProblemHttpResult>> AnswerAsync(
        Outcome<CommandReceipt> outcome, Caller caller, RunWaiter runs, int seconds, CancellationToken cancellationToken)
    {
        if (!outcome.Ok)
        {
            return ErrorTable.Problem(outcome.Errors);
        }

        if (seconds == 0)
        {
            return Accepted(outcome.Value);
        }

        var answer = await runs.AnswerAsync(outcome.Value, caller, seconds, cancellationToken);
        return answer is null ? RunWaiter.StillRunning(outcome.Value) : TypedResults.Ok(answer);
    }
}

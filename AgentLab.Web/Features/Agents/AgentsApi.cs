using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentLab.Core;
using AgentLab.Core.Agents;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentLab.Web.Features.Agents;

/// <summary><c>/api/v1/agents</c>. The store decides what the caller may see and do.</summary>
internal static class AgentsApi
{
    public static RouteGroupBuilder MapAgentsApi(this RouteGroupBuilder api)
    {
        var agents = api.MapGroup("/agents").WithTags("Agents");
        agents.MapGet("/", ListAsync).WithName("ListAgents");
        agents.MapPost("/", CreateAsync).WithName("CreateAgent").WithIdempotencyKey();
        agents.MapPost("/import", ImportAsync).WithName("ImportAgent").WithIdempotencyKey().Accepts<AgentFile>("application/json");
        agents.MapGet("/{agent}", GetAsync).WithName("GetAgent");
        agents.MapPut("/{agent}", UpdateAsync).WithName("UpdateAgent");
        agents.MapDelete("/{agent}", DeleteAsync).WithName("DeleteAgent");
        agents.MapPut("/{agent}/status", SetStatusAsync).WithName("SetAgentStatus");
        agents.MapPost("/{agent}/offered", SetOfferedAsync).WithName("SetAgentOffered");
        agents.MapGet("/{agent}/versions", VersionsAsync).WithName("ListAgentVersions");
        agents.MapGet("/{agent}/versions/{version:int}", VersionAsync).WithName("GetAgentVersion");
        agents.MapPost("/{agent}/duplicate", DuplicateAsync).WithName("DuplicateAgent").WithIdempotencyKey();
        agents.MapGet("/{agent}/export", ExportAsync).WithName("ExportAgent").Produces<AgentFile>();
        return api;
    }

    /// <summary>Lists agents by name</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="store">The agents.</param>
    /// <param name="status">Only this status: draft, active, disabled or archived. Default: all but archived ones.</param>
    /// <param name="type">Only this type: chat, task, research or builder.</param>
    /// <param name="q">Only agents whose name contains this text.</param>
    /// <param name="offered">true for those only that are offered in the gallery.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    /// <param name="limit">How many, 1 to 100. Default: 20.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Ok<PageResponse<AgentResponse>>, ProblemHttpResult>> ListAsync(
        Caller caller, IAgentStore store, string? status, string? type, string? q, bool? offered, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var query = new AgentQuery
        {
            Status = checks.Word<AgentStatus>("status", status),
            Type = checks.Word<AgentType>("type", type),
            Text = q,
            Offered = offered is true,
            Cursor = cursor,
            Limit = checks.Limit(limit),
        };
        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        return await store.ListAsync(query, caller.Actor, cancellationToken).AnswerAsync(AgentResponse.Of);
    }

    /// <summary>Makes an agent</summary>
    public static async Task<Results<Created<AgentResponse>, ProblemHttpResult>> CreateAsync(
        Caller caller, CreateAgentRequest body, IAgentStore store, CancellationToken cancellationToken) =>
        Created(await store.CreateAsync(body.ToDefinition(), body.Status ?? AgentStatus.Active, caller.Actor, cancellationToken));

    /// <summary>Makes an agent from an exported file</summary>
    /// <remarks>The body is the file. The agent begins as a draft, so that somebody looks at it before it is offered.</remarks>
    public static async Task<Results<Created<AgentResponse>, ProblemHttpResult>> ImportAsync(
        Caller caller, JsonElement body, IAgentStore store, CancellationToken cancellationToken)
    {
        var text = body.GetRawText();
        if (text.Length > AgentFile.MaxBytes)
        {
            return ErrorTable.Problem(ErrorCodes.RequestTooLarge, $"An exported agent has at most {AgentFile.MaxBytes / 1024} KB.");
        }

        return AgentFile.TryRead(text, out var definition, out var error)
            ? Created(await store.CreateAsync(definition, AgentStatus.Draft, caller.Actor, cancellationToken))
            : ErrorTable.Problem([error]);
    }

    /// <summary>Reads an agent</summary>
    /// <param name="agent">The agent's id or slug.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="store">The agents.</param>
    /// <param name="response">The response.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Ok<AgentResponse>, ProblemHttpResult>> GetAsync(
        string agent, Caller caller, IAgentStore store, HttpResponse response, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(agent, caller.Actor, cancellationToken) is not { } found)
        {
            return Missing();
        }

        response.Headers.ETag = $"\"{found.Version.ToString(CultureInfo.InvariantCulture)}\"";
        return TypedResults.Ok(AgentResponse.Of(found));
    }

    /// <summary>Saves a new version of an agent</summary>
    /// <remarks>Give the version that was edited, in the body or as <c>If-Match</c>; when there is a newer one by now, the answer is 409 <c>version_conflict</c> and nothing is overwritten.</remarks>
    public static async Task<Results<Ok<AgentResponse>, ProblemHttpResult>> UpdateAsync(
        string agent, Caller caller, UpdateAgentRequest body, IAgentStore store, HttpRequest request, CancellationToken cancellationToken)
    {
        if ((body.Version ?? VersionOf(request.Headers.IfMatch)) is not { } version)
        {
            return ErrorTable.Invalid("version", "Give the version that was edited, as version or as If-Match: \"3\".");
        }

        return await store.FindAsync(agent, caller.Actor, cancellationToken) is { } found
            ? Answer(await store.UpdateAsync(found.Id, version, body.ToDefinition(), caller.Actor, cancellationToken))
            : Missing();
    }

    /// <summary>Changes the status of an agent</summary>
    public static async Task<Results<Ok<AgentResponse>, ProblemHttpResult>> SetStatusAsync(
        string agent, Caller caller, AgentStatusRequest body, IAgentStore store, CancellationToken cancellationToken)
    {
        if (body.Status is not { } status)
        {
            return ErrorTable.Invalid("status", "A status is needed: draft, active, disabled or archived.");
        }

        return await store.FindAsync(agent, caller.Actor, cancellationToken) is { } found
            ? Answer(await store.SetStatusAsync(found.Id, status, caller.Actor, cancellationToken))
            : Missing();
    }

    /// <summary>Offers an agent in the gallery, or takes it out</summary>
    /// <remarks>Everyone finds the newest version of an offered agent there and makes copies of their own. Only active agents are offered; 409 <c>agent_not_active</c> for others.</remarks>
    public static async Task<Results<Ok<AgentResponse>, ProblemHttpResult>> SetOfferedAsync(
        string agent, Caller caller, AgentOfferedRequest body, IAgentStore store, CancellationToken cancellationToken)
    {
        if (body.Offered is not { } offered)
        {
            return ErrorTable.Invalid("offered", "Say true or false.");
        }

        return await store.FindAsync(agent, caller.Actor, cancellationToken) is { } found
            ? Answer(await store.SetOfferedAsync(found.Id, offered, caller.Actor, cancellationToken))
            : Missing();
    }

    /// <summary>Deletes an agent</summary>
    /// <remarks>For administrators. Its versions stay as long as sessions refer to them.</remarks>
    public static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string agent, Caller caller, IAgentStore store, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(agent, caller.Actor, cancellationToken) is not { } found)
        {
            return Missing();
        }

        var outcome = await store.DeleteAsync(found.Id, caller.Actor, cancellationToken);
        return outcome.Ok ? TypedResults.NoContent() : ErrorTable.Problem(outcome.Errors);
    }

    /// <summary>Lists the versions of an agent</summary>
    public static async Task<Results<Ok<AgentVersionsResponse>, ProblemHttpResult>> VersionsAsync(
        string agent, Caller caller, IAgentStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(agent, caller.Actor, cancellationToken) is { } found
            ? TypedResults.Ok(new AgentVersionsResponse { Items = await store.VersionsAsync(found.Id, caller.Actor, cancellationToken) })
            : Missing();

    /// <summary>Reads one version of an agent</summary>
    public static async Task<Results<Ok<AgentResponse>, ProblemHttpResult>> VersionAsync(
        string agent, int version, Caller caller, IAgentStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(agent, caller.Actor, cancellationToken) is { } found
        && await store.FindVersionAsync(found.Id, version, cancellationToken) is { } old
            ? TypedResults.Ok(AgentResponse.Of(old))
            : Missing();

    /// <summary>Makes a copy of an agent</summary>
    /// <remarks>The copy is yours and begins as a draft.</remarks>
    public static async Task<Results<Created<AgentResponse>, ProblemHttpResult>> DuplicateAsync(
        string agent, Caller caller, DuplicateAgentRequest? body, IAgentStore store, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(agent, caller.Actor, cancellationToken) is not { } found)
        {
            return Missing();
        }

        var name = string.IsNullOrWhiteSpace(body?.Name) ? $"{(found.Name.Length > 95 ? found.Name[..95] : found.Name)} copy" : body.Name;
        return Created(await store.CreateAsync(found.Definition with { Name = name }, AgentStatus.Draft, caller.Actor, cancellationToken));
    }

    /// <summary>Exports an agent as a file</summary>
    public static async Task<Results<ContentHttpResult, ProblemHttpResult>> ExportAsync(
        string agent, Caller caller, IAgentStore store, HttpResponse response, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(agent, caller.Actor, cancellationToken) is not { } found)
        {
            return Missing();
        }

        response.Headers.ContentDisposition = $"attachment; filename=\"{found.Slug}.agent.json\"";
        return TypedResults.Text(AgentFile.Write(found.Definition), "application/json", Encoding.UTF8);
    }

    private static int? VersionOf(string? tag) =>
        int.TryParse(tag?.Trim().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    private static Results<Created<AgentResponse>, ProblemHttpResult> Created(Outcome<Agent> outcome) =>
        outcome.Ok ? TypedResults.Created($"/api/v1/agents/{outcome.Value.Id}", AgentResponse.Of(outcome.Value)) : ErrorTable.Problem(outcome.Errors);

    private static Results<Ok<AgentResponse>, ProblemHttpResult> Answer(Outcome<Agent> outcome) =>
        outcome.Ok ? TypedResults.Ok(AgentResponse.Of(outcome.Value)) : ErrorTable.Problem(outcome.Errors);

    private static ProblemHttpResult Missing() => ErrorTable.Problem([LabError.NotFound("agent")]);
}

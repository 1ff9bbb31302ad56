using System.Text.Json;
using AgentLab.Core;
using AgentLab.Core.Workflows.Nodes.ActionBlocks;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentLab.Web.Features.Workflows;

/// <summary><c>/api/v1/action-blocks</c>: nodes that a team has set up once to use them again.</summary>
internal static class ActionBlocksApi
{
    public static RouteGroupBuilder MapActionBlocksApi(this RouteGroupBuilder api)
    {
        var blocks = api.MapGroup("/action-blocks").WithTags("Workflows");
        blocks.MapGet("/", ListAsync).WithName("ListActionBlocks");
        blocks.MapPost("/", CreateAsync).WithName("CreateActionBlock").WithIdempotencyKey();
        blocks.MapGet("/{block:guid}", GetAsync).WithName("GetActionBlock");
        blocks.MapPut("/{block:guid}", ReplaceAsync).WithName("ReplaceActionBlock");
        blocks.MapDelete("/{block:guid}", DeleteAsync).WithName("DeleteActionBlock");
        return api;
    }

    /// <summary>Lists action blocks</summary>
    /// <remarks>By name. An action block is a kind of node with settings that are filled in already; the palette offers it and the builder uses it.</remarks>
    /// <param name="caller">Who asks.</param>
    /// <param name="store">The blocks.</param>
    /// <param name="q">Only blocks whose name contains this text.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    /// <param name="limit">How many, 1 to 100. Default: 20.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Ok<PageResponse<ActionBlockResponse>>, ProblemHttpResult>> ListAsync(
        Caller caller, IActionBlocks store, string? q, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var most = checks.Limit(limit);
        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        return await store.PageAsync(q, cursor, most, caller.Actor, cancellationToken).AnswerAsync(ActionBlockResponse.Of);
    }

    /// <summary>Adds an action block</summary>
    /// <remarks>For editors. Settings that the user must still say may be missing; those that are there must be right.</remarks>
    public static async Task<Results<Created<ActionBlockResponse>, ProblemHttpResult>> CreateAsync(
        Caller caller, ActionBlockRequest body, IActionBlocks store, CancellationToken cancellationToken)
    {
        var outcome = await store.SaveAsync(body.ToBlock(Guid.CreateVersion7()), caller.Actor, cancellationToken);
        return outcome.Ok
            ? TypedResults.Created($"/api/v1/action-blocks/{outcome.Value.Id}", ActionBlockResponse.Of(outcome.Value))
            : ErrorTable.Problem(outcome.Errors);
    }

    /// <summary>Reads an action block</summary>
    public static async Task<Results<Ok<ActionBlockResponse>, ProblemHttpResult>> GetAsync(
        Guid block, Caller caller, IActionBlocks store, CancellationToken cancellationToken) =>
        await store.FindAsync(block, caller.Actor, cancellationToken) is { } found ? TypedResults.Ok(ActionBlockResponse.Of(found)) : Missing();

    /// <summary>Changes an action block</summary>
    /// <remarks>For the editor who added it and for administrators. Nodes that were made of it stay as they are.</remarks>
    public static async Task<Results<Ok<ActionBlockResponse>, ProblemHttpResult>> ReplaceAsync(
        Guid block, Caller caller, ActionBlockRequest body, IActionBlocks store, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(block, caller.Actor, cancellationToken) is null)
        {
            return Missing();
        }

        var outcome = await store.SaveAsync(body.ToBlock(block), caller.Actor, cancellationToken);
        return outcome.Ok ? TypedResults.Ok(ActionBlockResponse.Of(outcome.Value)) : ErrorTable.Problem(outcome.Errors);
    }

    /// <summary>Deletes an action block</summary>
    /// <remarks>For the editor who added it and for administrators. Nodes that were made of it stay as they are.</remarks>
    public static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid block, Caller caller, IActionBlocks store, CancellationToken cancellationToken)
    {
        var outcome = await store.DeleteAsync(block, caller.Actor, cancellationToken);
        return outcome.Ok ? TypedResults.NoContent() : ErrorTable.Problem(outcome.Errors);
    }

    private static ProblemHttpResult Missing() => ErrorTable.Problem([LabError.NotFound("action block")]);
}

/// <summary>An action block as it shall be.</summary>
internal sealed record ActionBlockRequest
{
    /// <summary>What people see, 1 to 100 characters; no other block has it.</summary>
    public string? Name { get; init; }

    /// <summary>What it does, in the words of somebody who would ask for it; at most 1,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>The kind of node, see <c>/api/v1/node-kinds</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>The node's settings, at most 64 KB. Default: none.</summary>
    public JsonElement? Settings { get; init; }

    /// <summary>At most 20 words by which it is found as well.</summary>
    public IReadOnlyList<string?>? Keywords { get; init; }

    public ActionBlock ToBlock(Guid id) => new(
        id, Name ?? string.Empty, Description ?? string.Empty, Kind ?? string.Empty, Settings ?? JsonElement.Parse("{}"), [.. (Keywords ?? []).Select(word => word ?? string.Empty)]);
}

/// <summary>An action block.</summary>
internal sealed record ActionBlockResponse
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>What people see.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required string Description { get; init; }

    /// <summary>The kind of node.</summary>
    public required string Kind { get; init; }

    /// <summary>The node's settings.</summary>
    public required JsonElement Settings { get; init; }

    /// <summary>Words by which it is found as well.</summary>
    public required IReadOnlyList<string> Keywords { get; init; }

    public static ActionBlockResponse Of(ActionBlock block) => new()
    {
        Id = block.Id,
        Name = block.Name,
        Description = block.Description,
        Kind = block.Kind,
        Settings = block.Settings,
        Keywords = block.Keywords,
    };
}

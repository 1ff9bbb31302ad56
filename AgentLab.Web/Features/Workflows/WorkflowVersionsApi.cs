using AgentLab.Core.Workflows;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentLab.Web.Features.Workflows;

/// <summary>Publishing, published versions and going back to one.</summary>
internal static class WorkflowVersionsApi
{
    public static RouteGroupBuilder MapWorkflowVersionsApi(this RouteGroupBuilder workflows)
    {
        workflows.MapPost("/{workflow}/publish", PublishAsync).WithName("PublishWorkflow").WithIdempotencyKey();
        workflows.MapGet("/{workflow}/versions", ListAsync).WithName("ListWorkflowVersions");
        workflows.MapGet("/{workflow}/versions/{version:int}", GetAsync).WithName("GetWorkflowVersion");
        workflows.MapPost("/{workflow}/versions/{version:int}/restore", RestoreAsync).WithName("RestoreWorkflowVersion").WithIdempotencyKey();
        return workflows;
    }

    /// <summary>Makes the draft the newest published version</summary>
    /// <remarks>400 names every problem that stands in the way; 409 <c>hook_taken</c> when another workflow has the address of one of its webhooks. A draft that is published already stays as it is.</remarks>
    public static async Task<Results<Ok<WorkflowDetailResponse>, ProblemHttpResult>> PublishAsync(
        string workflow, Caller caller, PublishWorkflowRequest? body, IWorkflowStore store, WorkflowAnswers answers, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(workflow, caller.Actor, cancellationToken) is not { } found)
        {
            return WorkflowAnswers.Missing();
        }

        var revision = body?.Revision ?? found.Revision;
        var outcome = await store.PublishAsync(found.Id, revision, body?.Note ?? string.Empty, caller.Actor, cancellationToken);
        return await answers.OkAsync(outcome, found.Id, revision, caller, cancellationToken);
    }

    /// <summary>Lists the published versions of a workflow</summary>
    /// <remarks>Newest first.</remarks>
    /// <param name="workflow">The workflow's id or slug.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="store">The workflows.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    /// <param name="limit">How many, 1 to 100. Default: 20.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Ok<PageResponse<WorkflowVersionItem>>, ProblemHttpResult>> ListAsync(
        string workflow, Caller caller, IWorkflowStore store, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var most = checks.Limit(limit);
        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        if (await store.FindAsync(workflow, caller.Actor, cancellationToken) is not { } found)
        {
            return WorkflowAnswers.Missing();
        }

        return await store.VersionsAsync(found.Id, cursor, most, caller.Actor, cancellationToken).AnswerAsync(WorkflowVersionItem.Of);
    }

    /// <summary>Reads one published version</summary>
    public static async Task<Results<Ok<WorkflowVersionResponse>, ProblemHttpResult>> GetAsync(
        string workflow, int version, Caller caller, IWorkflowStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(workflow, caller.Actor, cancellationToken) is { } found
        && await store.FindVersionAsync(found.Id, version, caller.Actor, cancellationToken) is { } saved
            ? TypedResults.Ok(WorkflowVersionResponse.Of(saved))
            : WorkflowAnswers.Missing();

    /// <summary>Brings a published version back as the draft</summary>
    /// <remarks>The draft's present state stays in its history; publish it to make it the newest version.</remarks>
    public static async Task<Results<Ok<WorkflowDetailResponse>, ProblemHttpResult>> RestoreAsync(
        string workflow, int version, Caller caller, RestoreWorkflowRequest? body, IWorkflowStore store, WorkflowAnswers answers, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(workflow, caller.Actor, cancellationToken) is not { } found
            || await store.FindVersionAsync(found.Id, version, caller.Actor, cancellationToken) is not { } saved)
        {
            return WorkflowAnswers.Missing();
        }

        var revision = body?.Revision ?? found.Revision;
        var outcome = await store.ReplaceAsync(found.Id, revision, saved.Definition, caller.Actor, cancellationToken);
        return await answers.OkAsync(outcome, found.Id, revision, caller, cancellationToken);
    }
}

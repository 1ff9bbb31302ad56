using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Builder;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentLab.Web.Features.Workflows.Builder;

/// <summary><c>/api/v1/workflows/{workflow}/builder/messages</c>: changing a workflow by conversation.</summary>
internal static class WorkflowBuilderApi
{
    public static RouteGroupBuilder MapWorkflowBuilderApi(this RouteGroupBuilder workflows)
    {
        workflows.MapPost("/{workflow}/builder/messages", AskAsync).WithName("AskWorkflowBuilder").DescribesIdempotencyKey();
        workflows.MapGet("/{workflow}/builder/messages", ConversationAsync).WithName("GetWorkflowBuilderMessages");
        return workflows;
    }

    /// <summary>Asks the builder to change a workflow</summary>
    /// <remarks>
    /// Answers with a proposal; the draft is as it was until you commit it: PUT <c>updatedGraph</c> under <c>revision</c>. 503 when no model answers, 504 when the answer takes
    /// too long: nothing is changed then. The same message under the same <c>Idempotency-Key</c> gets the same answer.
    /// </remarks>
    /// <param name="workflow">The workflow's id or slug.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="body">The message.</param>
    /// <param name="store">The workflows.</param>
    /// <param name="builder">The builder.</param>
    /// <param name="http">The request and its response.</param>
    /// <param name="cancellationToken">Ends the call; the answer goes on in the session.</param>
    public static async Task<Results<Ok<BuilderAnswerResponse>, ProblemHttpResult>> AskAsync(
        string workflow, Caller caller, BuilderMessageRequest body, IWorkflowStore store, IWorkflowBuilder builder, HttpContext http, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var key = checks.Key(http.Request);
        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        if (await store.FindAsync(workflow, caller.Actor, cancellationToken) is not { } found)
        {
            return WorkflowAnswers.Missing();
        }

        var ask = new BuilderAsk(found.Summary, found.Draft, found.Revision, body.Message ?? string.Empty) { Expected = body.Revision, Selection = body.Selection ?? [], Key = key };
        var turn = await builder.StartAsync(ask, caller.Actor, cancellationToken);
        if (!turn.Ok)
        {
            return turn.Error.Code == ErrorCodes.EditConflict
                ? ErrorTable.Problem(ErrorCodes.EditConflict, turn.Error.Message, new Dictionary<string, object?> { ["revision"] = found.Revision })
                : ErrorTable.Problem(turn.Errors);
        }

        var answer = await builder.AnswerAsync(turn.Value, cancellationToken);
        if (turn.Value.Replayed)
        {
            http.Response.Headers[IdempotentRequests.ReplayedHeader] = "true";
        }

        return answer.Ok ? TypedResults.Ok(BuilderAnswerResponse.Of(answer.Value)) : ErrorTable.Problem(answer.Errors);
    }

    /// <summary>Reads what was said to the builder about a workflow</summary>
    /// <remarks>Your own conversation, oldest first.</remarks>
    /// <param name="workflow">The workflow's id or slug.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="store">The workflows.</param>
    /// <param name="builder">The builder.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Ok<BuilderConversationResponse>, ProblemHttpResult>> ConversationAsync(
        string workflow, Caller caller, IWorkflowStore store, IWorkflowBuilder builder, CancellationToken cancellationToken) =>
        await store.FindAsync(workflow, caller.Actor, cancellationToken) is { } found
            ? TypedResults.Ok(BuilderConversationResponse.Of(await builder.ConversationAsync(found.Id, caller.Actor, cancellationToken)))
            : WorkflowAnswers.Missing();
}

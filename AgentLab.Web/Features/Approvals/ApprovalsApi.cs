using AgentLab.Core;
using AgentLab.Core.Approvals;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AgentLab.Web.Features.Approvals;

/// <summary><c>/api/v1/approvals</c>: what runs of agents and of workflows ask of people. A question is the run's owner's and the administrators'.</summary>
internal static class ApprovalsApi
{
    public static RouteGroupBuilder MapApprovalsApi(this RouteGroupBuilder api)
    {
        var approvals = api.MapGroup("/approvals").WithTags("Approvals");
        approvals.MapGet("/", ListAsync).WithName("ListApprovals");
        approvals.MapGet("/{approval:guid}", GetAsync).WithName("GetApproval");
        approvals.MapPost("/{approval:guid}/decision", DecideAsync).WithName("DecideApproval").WithIdempotencyKey();
        return api;
    }

    /// <summary>Lists questions</summary>
    /// <remarks>Those of your runs, everyone's for administrators. Open ones come oldest first, decided ones newest first.</remarks>
    /// <param name="caller">Who asks.</param>
    /// <param name="approvals">The questions.</param>
    /// <param name="status">pending (the default) or decided, which takes in those that expired and those whose run ended before.</param>
    /// <param name="project">Only those of runs in this project.</param>
    /// <param name="mine">true: only those of your own runs, for administrators too.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    /// <param name="limit">How many, 1 to 100. Default: 20.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Ok<PageResponse<ApprovalResponse>>, ProblemHttpResult>> ListAsync(
        Caller caller, IApprovals approvals, string? status, Guid? project, bool? mine, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var which = checks.Word<ApprovalWord>("status", status);
        var size = checks.Limit(limit);
        if (!string.IsNullOrEmpty(cursor) && ApprovalPlace.Read(cursor) is null)
        {
            checks.Add("cursor", Paging.NotACursor);
        }

        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        var query = new ApprovalQuery { Decided = which == ApprovalWord.Decided, ProjectId = project, Mine = mine == true, Cursor = cursor, Limit = size };
        var page = await approvals.ListAsync(query, caller.Actor, cancellationToken);
        return TypedResults.Ok(new PageResponse<ApprovalResponse> { Items = [.. page.Items.Select(ApprovalResponse.Of)], NextCursor = page.NextCursor });
    }

    /// <summary>Reads a question, open or decided</summary>
    public static async Task<Results<Ok<ApprovalResponse>, ProblemHttpResult>> GetAsync(
        [FromRoute] Guid approval, Caller caller, IApprovals approvals, CancellationToken cancellationToken) =>
        await approvals.FindAsync(approval, caller.Actor, cancellationToken) is { } found
            ? TypedResults.Ok(ApprovalResponse.Of(found))
            : ErrorTable.Problem([LabError.NotFound("approval")]);

    /// <summary>Answers a question</summary>
    /// <remarks>
    /// The hash is that of what was looked at; when it is another by now, the answer is 409 <c>approval_changed</c>. Each question is answered once (409 <c>approval_decided</c>) and in time
    /// (410 <c>approval_expired</c>). The run goes on by itself.
    /// </remarks>
    public static async Task<Results<Ok<ApprovalResponse>, ProblemHttpResult>> DecideAsync(
        [FromRoute] Guid approval, Caller caller, ApprovalDecisionRequest body, IApprovals approvals, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var decision = checks.Word<DecisionWord>("decision", body.Decision);
        if (string.IsNullOrEmpty(body.Decision))
        {
            checks.Add("decision", "Say approve or reject.");
        }

        if (string.IsNullOrEmpty(body.Hash))
        {
            checks.Add("hash", "Give the hash of the question that was looked at.");
        }

        if (body is { Arguments: not null, Data: not null })
        {
            checks.Add("data", "Give arguments (of a tool's call) or data (a form's values, edited details), not both.");
        }

        if (body.Reason is { Length: > 1000 } reason)
        {
            checks.Add("reason", $"At most 1,000 characters; there are {reason.Length}.");
        }

        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        var answer = new ApprovalAnswer(approval, decision == DecisionWord.Approve, body.Hash!, body.Arguments ?? body.Data, body.Reason, body.ForSession ?? false);
        var outcome = await approvals.DecideAsync(answer, caller.Actor, cancellationToken);
        return outcome.Ok ? TypedResults.Ok(ApprovalResponse.Of(outcome.Value)) : ErrorTable.Problem(outcome.Errors);
    }

    private enum ApprovalWord
    {
        Pending,
        Decided,
    }

    private enum DecisionWord
    {
        Approve,
        Reject,
    }
}

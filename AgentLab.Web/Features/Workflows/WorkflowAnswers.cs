using AgentLab.Core;
using AgentLab.Core.Workflows;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentLab.Web.Features.Workflows;

/// <summary>Answers that several endpoints of workflows give.</summary>
internal static class WorkflowAnswers
{
    public static ProblemHttpResult Missing() => ErrorTable.Problem([LabError.NotFound("workflow")]);

    /// <summary>The workflow, or the problem; a conflict says what was done to the draft behind the revision that was edited.</summary>
    public static async Task<Results<Ok<WorkflowDetailResponse>, ProblemHttpResult>> OkAsync(
        Outcome<Workflow> outcome, Guid id, long revision, Caller caller, IWorkflowStore store, IWorkflowHistory history, CancellationToken cancellationToken)
    {
        if (outcome.Ok)
        {
            return TypedResults.Ok(WorkflowDetailResponse.Of(outcome.Value));
        }

        if (outcome.Error.Code != ErrorCodes.EditConflict || await store.FindAsync(id.ToString(), caller.Actor, cancellationToken) is not { } now)
        {
            return ErrorTable.Problem(outcome.Errors);
        }

        var changes = await history.SinceAsync(id, revision, caller.Actor, cancellationToken);
        return ErrorTable.Problem(ErrorCodes.EditConflict, outcome.Error.Message, new Dictionary<string, object?>
        {
            ["revision"] = now.Revision,
            ["changes"] = changes.Select(change => new DraftChangeItem(change.Revision, change.Label, change.By, change.At)).ToList(),
        });
    }
}

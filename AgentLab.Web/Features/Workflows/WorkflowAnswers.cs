using AgentLab.Core;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentLab.Web.Features.Workflows;

/// <summary>Answers that several endpoints of workflows give.</summary>
internal sealed class WorkflowAnswers(IWorkflowStore store, IWorkflowHistory history, IWorkflowRules rules)
{
    private const int MostProblems = 100;

    public static ProblemHttpResult Missing() => ErrorTable.Problem([LabError.NotFound("workflow")]);

    /// <summary>The workflow with what a person should mend about its draft.</summary>
    public WorkflowDetailResponse Detail(Workflow workflow) =>
        WorkflowDetailResponse.Of(workflow, [.. rules.Validate(workflow.Draft).Take(MostProblems).Select(WorkflowProblemItem.Of)]);

    /// <summary>The workflow that was made, or the problem.</summary>
    public Results<Created<WorkflowDetailResponse>, ProblemHttpResult> Created(Outcome<Workflow> outcome) =>
        outcome.Ok ? TypedResults.Created($"/api/v1/workflows/{outcome.Value.Id}", Detail(outcome.Value)) : ErrorTable.Problem(outcome.Errors);

    /// <summary>The workflow, or the problem; a conflict says what was done to the draft behind the revision that was edited.</summary>
    public async Task<Results<Ok<WorkflowDetailResponse>, ProblemHttpResult>> OkAsync(Outcome<Workflow> outcome, Guid id, long revision, Caller caller, CancellationToken cancellationToken)
    {
        if (outcome.Ok)
        {
            return TypedResults.Ok(Detail(outcome.Value));
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

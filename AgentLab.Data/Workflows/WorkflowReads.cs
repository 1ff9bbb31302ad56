using AgentLab.Core;
using AgentLab.Core.Identity;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Workflows;

/// <summary>Reads a workflow with its draft.</summary>
internal static class WorkflowReads
{
    public static IQueryable<FoundWorkflow> WithDraft(LabDbContext context, IQueryable<WorkflowRow> rows) =>
        from row in rows
        join draft in context.Set<WorkflowDraftRow>() on row.Key equals draft.WorkflowKey
        select new FoundWorkflow(row, draft.Definition);

    /// <summary>The workflow for a change: what the actor may not see is not found, what is another's is forbidden.</summary>
    public static async Task<Outcome<FoundWorkflow>> ForChangeAsync(LabDatabase database, Guid id, Actor actor, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            (context, token) => WithDraft(context, WorkflowRights.Visible(context.Set<WorkflowRow>(), actor).Where(row => row.Id == id)).FirstOrDefaultAsync(token),
            cancellationToken);
        if (found is null)
        {
            return Outcome<FoundWorkflow>.Failure(WorkflowFaults.NotFound());
        }

        return WorkflowRights.Refusal(found.Row, actor) is { } refusal ? Outcome<FoundWorkflow>.Failure(refusal) : Outcome<FoundWorkflow>.Success(found);
    }
}

using AgentLab.Core;
using AgentLab.Core.Identity;

namespace AgentLab.Data.Workflows;

/// <summary>
/// The one predicate of who sees and changes which workflows: one that was never published is its owner's and the administrators'; a published one is seen by everyone and
/// changed by its owner, as an editor, and administrators.
/// </summary>
internal static class WorkflowRights
{
    public static IQueryable<WorkflowRow> Visible(IQueryable<WorkflowRow> rows, Actor actor)
    {
        var there = rows.Where(row => row.DeletedAt == null);
        return actor.IsAdministrator ? there : there.Where(row => row.PublishedVersion != null || row.OwnerId == actor.UserId);
    }

    /// <summary>Why the actor may not change a workflow that it sees; null when it may.</summary>
    public static LabError? Refusal(WorkflowRow row, Actor actor) => actor.MayEdit && actor.Owns(row.OwnerId)
        ? null
        : LabError.Forbidden("Only its owner, as an editor, and administrators change a workflow; you can duplicate it.");
}

using AgentLab.Core.Identity;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Workflows;

/// <summary>Reads the gestures that are kept, and rebuilds earlier drafts from them.</summary>
internal sealed class WorkflowHistory(LabDatabase database, IWorkflowRules rules) : IWorkflowHistory
{
    private const int MostChanges = 100;

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<DraftChange>> SinceAsync(Guid workflow, long revision, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var rows = await database.ReadAsync(
            (context, token) => (
                from row in WorkflowRights.Visible(context.Set<WorkflowRow>(), actor)
                join gesture in context.Set<WorkflowGestureRow>() on row.Key equals gesture.WorkflowKey
                where row.Id == workflow && gesture.Revision > revision
                orderby gesture.Revision
                select new { gesture.Revision, gesture.Gesture, gesture.Label, gesture.MadeBy, gesture.MadeAt, gesture.Operations }).Take(MostChanges).ToListAsync(token),
            cancellationToken);
        return
        [
            .. rows.Select(row => new DraftChange(
                row.Revision, row.Gesture, row.Label, row.MadeBy, UtcMicroseconds.ToTime(row.MadeAt), WorkflowText.ReadOperations(row.Operations))),
        ];
    }

    /// <summary>The draft at this revision; null when the history does not reach back so far.</summary>
    public async Task<WorkflowDefinition?> FindAsync(long workflowKey, long revision, CancellationToken cancellationToken)
    {
        var gestures = await database.ReadAsync(
            async (context, token) =>
            {
                var rows = context.Set<WorkflowGestureRow>().Where(row => row.WorkflowKey == workflowKey && row.Revision <= revision);
                var start = await rows.Where(row => row.Snapshot != null).MaxAsync(row => (long?)row.Revision, token);
                return start is null ? [] : await rows.Where(row => row.Revision >= start).OrderBy(row => row.Revision).ToListAsync(token);
            },
            cancellationToken);
        if (gestures.Count == 0 || gestures[^1].Revision != revision)
        {
            return null;
        }

        var draft = WorkflowText.Read(gestures[0].Snapshot!);
        foreach (var gesture in gestures.Skip(1))
        {
            var applied = rules.Apply(draft, WorkflowText.ReadOperations(gesture.Operations));
            if (!applied.Ok)
            {
                // The rules have become stricter since: what they refuse now cannot be rebuilt.
                return null;
            }

            draft = applied.Value;
        }

        return draft;
    }
}

using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Triggers;
using AgentLab.Data.Databases;
using AgentLab.Data.Sessions;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Workflows;

/// <summary>The noted ends of runs, in the order in which they came.</summary>
internal sealed class WorkflowEnds(LabDatabase database, WorkflowHooks hooks) : IWorkflowEnds
{
    private bool _looked;

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<WorkflowEnd>> ReadAsync(int max, CancellationToken cancellationToken)
    {
        // What was noted before is looked at once even if nobody waits any more, so that it does not stay for ever.
        if (_looked && !await hooks.HasEventsAsync(cancellationToken))
        {
            return [];
        }

        var ends = await database.ReadAsync((context, token) => ReadAsync(context, max, token), cancellationToken);
        _looked = true;
        return ends;
    }

    /// <inheritdoc />
    public Task DoneAsync(RunId run, CancellationToken cancellationToken) => database.WriteAsync(
        (context, token) => context.Set<WorkflowEndRow>().Where(row => row.RunId == run.Value).ExecuteDeleteAsync(token), cancellationToken);

    private static async Task<IReadOnlyList<WorkflowEnd>> ReadAsync(LabDbContext context, int max, CancellationToken cancellationToken)
    {
        var rows = await (
            from end in context.Set<WorkflowEndRow>()
            join run in context.Set<RunRow>() on end.RunId equals run.Id
            join session in context.Set<SessionRow>() on run.SessionKey equals session.Key
            join source in context.Set<WorkflowRow>() on end.WorkflowId equals source.Id
            orderby end.EndedAt, end.RunId
            select new { end.RunId, Session = session.Id, end.WorkflowId, source.Slug, end.Status }).Take(max).ToListAsync(cancellationToken);
        if (rows.Count == 0)
        {
            return [];
        }

        var sources = rows.Select(row => row.WorkflowId).Distinct().ToList();
        var followers = await (
            from trigger in context.Set<WorkflowEventRow>()
            join workflow in context.Set<WorkflowRow>() on trigger.WorkflowKey equals workflow.Key
            where sources.Contains(trigger.SourceId) && workflow.DeletedAt == null && workflow.Active
            orderby workflow.Key, trigger.Node
            select new { trigger.SourceId, trigger.Statuses, Follower = new WorkflowFollower(workflow.Id, trigger.Node, workflow.OwnerId) }).ToListAsync(cancellationToken);
        return
        [
            .. rows.Select(row => new WorkflowEnd(
                new RunId(row.RunId), SessionId.Parse(row.Session), row.WorkflowId, row.Slug, row.Status,
                [.. followers.Where(f => f.SourceId == row.WorkflowId && f.Statuses.Split(',').Contains(row.Status, StringComparer.Ordinal)).Select(f => f.Follower)])),
        ];
    }
}

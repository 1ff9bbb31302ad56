using System.Linq.Expressions;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Sessions;

/// <summary>The open runs by their rows.</summary>
internal sealed class RunDirectory(LabDatabase database) : IRunDirectory
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<OwnedRun>> FreeAsync(int max, CancellationToken cancellationToken) => ListAsync(
        (context, runs) => runs.Where(r => r.Status == RunStatus.Running && !context.Set<NodeRow>().Any(n => n.Id == r.Node)), max, cancellationToken);

    /// <inheritdoc />
    public async ValueTask ClearRecoveriesAsync(string node, CancellationToken cancellationToken) =>
        await ClearRecoveriesAsync(r => r.Status == RunStatus.Running && r.Node == node && r.Recoveries > 0, cancellationToken);

    /// <inheritdoc />
    public async ValueTask ClearRecoveriesAsync(RunId run, CancellationToken cancellationToken) =>
        await ClearRecoveriesAsync(r => r.Id == run.Value && r.Recoveries > 0, cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<OwnedRun>> StoppedWaitingAsync(int max, CancellationToken cancellationToken) => ListAsync(
        (_, runs) => runs.Where(r => r.Status == RunStatus.Waiting && r.StopRequestedAt != null), max, cancellationToken);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<RunId>> StopRequestedAsync(string node, CancellationToken cancellationToken) => await database.ReadAsync(
        async (context, token) =>
        {
            var asked = context.Set<RunRow>().Where(r => r.Status == RunStatus.Running && r.Node == node && r.StopRequestedAt != null);
            return (IReadOnlyList<RunId>)[.. (await asked.Select(r => r.Id).ToListAsync(token)).Select(id => new RunId(id))];
        },
        cancellationToken);

    /// <inheritdoc />
    public async ValueTask<OwnedRun?> FindAsync(RunId run, CancellationToken cancellationToken) => await database.ReadAsync(
        async (context, token) =>
        {
            var open = context.Set<RunRow>().Where(r => r.Id == run.Value && (r.Status == RunStatus.Running || r.Status == RunStatus.Waiting));
            return await Joined(context, open).FirstOrDefaultAsync(token) is { } row ? Run(row) : null;
        },
        cancellationToken);

    /// <inheritdoc />
    public async ValueTask<RunRecord?> FindRecordAsync(RunId run, CancellationToken cancellationToken) => await database.ReadAsync(
        async (context, token) =>
        {
            var found = await (
                from row in context.Set<RunRow>()
                join session in context.Set<SessionRow>() on row.SessionKey equals session.Key
                where row.Id == run.Value && session.DeletedAt == null
                select new { Row = row, Session = session.Id }).FirstOrDefaultAsync(token);
            return found is null ? null : Record(found.Row, found.Session);
        },
        cancellationToken);

    private Task ClearRecoveriesAsync(Expression<Func<RunRow, bool>> which, CancellationToken cancellationToken) => database.WriteAsync(
        (context, token) => context.Set<RunRow>().Where(which).ExecuteUpdateAsync(set => set.SetProperty(r => r.Recoveries, 0), token), cancellationToken);

    private async ValueTask<IReadOnlyList<OwnedRun>> ListAsync(
        Func<LabDbContext, IQueryable<RunRow>, IQueryable<RunRow>> which, int max, CancellationToken cancellationToken) => await database.ReadAsync(
        async (context, token) =>
        {
            var runs = which(context, context.Set<RunRow>()).OrderBy(r => r.Recoveries).ThenBy(r => r.Key).Take(max);
            return (IReadOnlyList<OwnedRun>)[.. (await Joined(context, runs).ToListAsync(token)).Select(Run)];
        },
        cancellationToken);

    private static RunRecord Record(RunRow row, string session) => new(
        SessionId.Parse(session), new RunId(row.Id), row.OwnerId, StatusOf(row.Status),
        row.WorkflowId is { } workflow ? new WorkflowReference(workflow, row.WorkflowVersion ?? 0, row.WorkflowName ?? string.Empty) : null,
        UtcMicroseconds.ToTime(row.StartedAt), row.EndedAt is { } ended ? UtcMicroseconds.ToTime(ended) : null, row.ErrorCode);

    private static SessionStatus StatusOf(RunStatus status) => status switch
    {
        RunStatus.Running => SessionStatus.Running,
        RunStatus.Waiting => SessionStatus.Waiting,
        RunStatus.Completed => SessionStatus.Completed,
        RunStatus.Failed => SessionStatus.Failed,
        _ => SessionStatus.Cancelled,
    };

    private static IQueryable<OpenRun> Joined(LabDbContext context, IQueryable<RunRow> runs) =>
        from run in runs
        join session in context.Set<SessionRow>() on run.SessionKey equals session.Key
        select new OpenRun(session.Id, run.Id, run.Fence, run.Status, run.Node, run.StopRequestedAt != null, run.Recoveries);

    private static OwnedRun Run(OpenRun row) =>
        new(SessionId.Parse(row.Session), new RunId(row.Run), row.Fence, row.Status == RunStatus.Waiting, row.Node, row.StopRequested, row.Recoveries);

    private sealed record OpenRun(string Session, Guid Run, long Fence, RunStatus Status, string Node, bool StopRequested, int Recoveries);
}

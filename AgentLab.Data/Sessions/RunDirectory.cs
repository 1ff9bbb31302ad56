using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Sessions;

/// <summary>Finds open runs by their rows.</summary>
internal sealed class RunDirectory(LabDatabase database) : IRunDirectory
{
    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<OwnedRun>> LeftRunningAsync(CancellationToken cancellationToken) => await database.ReadAsync(
        async (context, token) =>
        {
            // One process serves a database: whatever is open was left by its forerunner, under whatever name. Should a second one
            // be started by mistake, the rising fence lets only one of them write.
            var open = context.Set<RunRow>().Where(r => r.Status == RunStatus.Running);
            var rows = await Joined(context, open.OrderBy(r => r.Key)).ToListAsync(token);
            return (IReadOnlyList<OwnedRun>)[.. rows.Select(Run)];
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
        select new OpenRun(session.Id, run.Id, run.Fence, run.Status);

    private static OwnedRun Run(OpenRun row) =>
        new(SessionId.Parse(row.Session), new RunId(row.Run), row.Fence, row.Status == RunStatus.Waiting);

    private sealed record OpenRun(string Session, Guid Run, long Fence, RunStatus Status);
}

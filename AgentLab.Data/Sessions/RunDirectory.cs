using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions;
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

    private static IQueryable<OpenRun> Joined(LabDbContext context, IQueryable<RunRow> runs) =>
        from run in runs
        join session in context.Set<SessionRow>() on run.SessionKey equals session.Key
        select new OpenRun(session.Id, run.Id, run.Fence, run.Status);

    private static OwnedRun Run(OpenRun row) =>
        new(SessionId.Parse(row.Session), new RunId(row.Run), row.Fence, row.Status == RunStatus.Waiting);

    private sealed record OpenRun(string Session, Guid Run, long Fence, RunStatus Status);
}

using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Sessions;

/// <summary>Reads the rows of what runs wait for.</summary>
internal sealed class RunWaits(LabDatabase database) : IRunWaits
{
    private const int MostOfOne = 1000;

    /// <inheritdoc />
    public ValueTask<RunWait?> FindByKeyAsync(string keyHash, CancellationToken cancellationToken) =>
        FirstAsync(rows => rows.Where(w => w.KeyHash == keyHash), cancellationToken);

    /// <inheritdoc />
    public ValueTask<RunWait?> FindByApprovalAsync(Guid approval, CancellationToken cancellationToken) =>
        FirstAsync(rows => rows.Where(w => w.ApprovalId == approval), cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<RunWait>> DueAsync(DateTimeOffset until, int max, CancellationToken cancellationToken)
    {
        var at = UtcMicroseconds.From(until);
        return ReadAsync(rows => rows.Where(w => w.DueAt <= at).OrderBy(w => w.DueAt), max, cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        var next = await database.ReadAsync(
            (context, token) => context.Set<RunWaitRow>().Where(w => w.DueAt != null).MinAsync(w => w.DueAt, token), cancellationToken);
        return next is { } at ? UtcMicroseconds.ToTime(at) : null;
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<RunWait>> OfRunAsync(RunId run, CancellationToken cancellationToken) =>
        ReadAsync(rows => rows.Where(w => w.RunId == run.Value && w.EndedAt == null).OrderBy(w => w.Sequence), MostOfOne, cancellationToken);

    private async ValueTask<RunWait?> FirstAsync(Func<IQueryable<RunWaitRow>, IQueryable<RunWaitRow>> which, CancellationToken cancellationToken) =>
        await ReadAsync(which, 1, cancellationToken) is [var wait, ..] ? wait : null;

    private async ValueTask<IReadOnlyList<RunWait>> ReadAsync(
        Func<IQueryable<RunWaitRow>, IQueryable<RunWaitRow>> which, int max, CancellationToken cancellationToken) => await database.ReadAsync(
        async (context, token) =>
        {
            var waits = which(context.Set<RunWaitRow>()).Take(max);
            var rows = await waits.Join(context.Set<SessionRow>(), w => w.SessionKey, s => s.Key, (w, s) => new Joined(w, s.Id)).ToListAsync(token);

            // A join need not keep the order of what it joins.
            rows.Sort(static (a, b) => (a.Wait.CreatedAt, a.Wait.Sequence).CompareTo((b.Wait.CreatedAt, b.Wait.Sequence)));
            return (IReadOnlyList<RunWait>)[.. rows.Select(row => Wait(row.Wait, row.Session))];
        },
        cancellationToken);

    /// <summary>A row as the engine sees it.</summary>
    public static RunWait Wait(RunWaitRow w, string session) => new(
        SessionId.Parse(session), new RunId(w.RunId), w.StepId, w.Kind, w.OwnerId, w.DueAt is { } due ? UtcMicroseconds.ToTime(due) : null, w.KeyHash,
        w.ApprovalId, w.Title, UtcMicroseconds.ToTime(w.CreatedAt), w.Sequence, w.EndedAt is null);

    private sealed record Joined(RunWaitRow Wait, string Session);
}

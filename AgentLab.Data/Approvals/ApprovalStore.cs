using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Data.Databases;
using AgentLab.Data.Sessions;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Approvals;

/// <summary>Reads questions from the rows of what runs wait for.</summary>
internal sealed class ApprovalStore(LabDatabase database) : IApprovalStore
{
    /// <inheritdoc />
    public async ValueTask<ApprovalEntry?> FindAsync(Guid id, CancellationToken cancellationToken) => await database.ReadAsync(
        async (context, token) =>
            await Joined(context, context.Set<RunWaitRow>().Where(w => w.ApprovalId == id)).FirstOrDefaultAsync(token) is { } row ? Entry(row) : null,
        cancellationToken);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<ApprovalEntry>> ListAsync(ApprovalQuery query, Guid? owner, CancellationToken cancellationToken) => await database.ReadAsync(
        async (context, token) =>
        {
            var rows = Filter(context.Set<RunWaitRow>(), query, owner);
            var page = query.Decided ? Newest(rows, ApprovalPlace.Read(query.Cursor)) : Oldest(rows, ApprovalPlace.Read(query.Cursor));
            var found = await Joined(context, page).Take(query.Limit + 1).ToListAsync(token);
            return (IReadOnlyList<ApprovalEntry>)[.. found.Select(Entry)];
        },
        cancellationToken);

    /// <inheritdoc />
    public async ValueTask<int> CountOpenAsync(Guid owner, int most, CancellationToken cancellationToken) => await database.ReadAsync(
        (context, token) => context.Set<RunWaitRow>().Where(w => w.OwnerId == owner && w.EndedAt == null && w.ApprovalId != null).Take(most).CountAsync(token), cancellationToken);

    private static IQueryable<RunWaitRow> Filter(IQueryable<RunWaitRow> rows, ApprovalQuery query, Guid? owner)
    {
        rows = rows.Where(w => w.ApprovalId != null && (query.Decided ? w.EndedAt != null : w.EndedAt == null));
        rows = owner is { } mine ? rows.Where(w => w.OwnerId == mine) : rows;
        return query.ProjectId is { } project ? rows.Where(w => w.ProjectId == project) : rows;
    }

    private static IQueryable<RunWaitRow> Oldest(IQueryable<RunWaitRow> rows, ApprovalPlace? after)
    {
        if (after is { } place)
        {
            var (at, session, sequence) = place;
            rows = rows.Where(w => w.CreatedAt > at || (w.CreatedAt == at && (w.SessionKey > session || (w.SessionKey == session && w.Sequence > sequence))));
        }

        return rows.OrderBy(w => w.CreatedAt).ThenBy(w => w.SessionKey).ThenBy(w => w.Sequence);
    }

    private static IQueryable<RunWaitRow> Newest(IQueryable<RunWaitRow> rows, ApprovalPlace? after)
    {
        if (after is { } place)
        {
            var (at, session, sequence) = place;
            rows = rows.Where(w => w.EndedAt < at || (w.EndedAt == at && (w.SessionKey < session || (w.SessionKey == session && w.Sequence < sequence))));
        }

        return rows.OrderByDescending(w => w.EndedAt).ThenByDescending(w => w.SessionKey).ThenByDescending(w => w.Sequence);
    }

    /// <summary>Each with its session, in the same order; those of deleted sessions are gone.</summary>
    private static IQueryable<WithSession> Joined(LabDbContext context, IQueryable<RunWaitRow> rows) =>
        rows.Select(w => new { Wait = w, Session = context.Set<SessionRow>().FirstOrDefault(s => s.Key == w.SessionKey && s.DeletedAt == null) })
            .Where(row => row.Session != null)
            .Select(row => new WithSession { Wait = row.Wait, Session = row.Session! });

    private static ApprovalEntry Entry(WithSession row)
    {
        var (wait, session) = (row.Wait, row.Session);
        var agent = session is { AgentId: { } agentId, AgentVersion: { } version } ? new AgentReference(agentId, version) : null;
        var workflow = session is { WorkflowId: { } workflowId, WorkflowVersion: { } number } ? new WorkflowReference(workflowId, number, session.WorkflowName ?? string.Empty) : null;
        return new ApprovalEntry(
            RunWaits.Wait(wait, session.Id), wait.ProjectId, session.Title, agent, workflow, session.AgentName ?? session.WorkflowName ?? string.Empty, wait.Decision,
            wait.EndedAt is { } ended ? UtcMicroseconds.ToTime(ended) : null, wait.DecidedSequence,
            new ApprovalPlace(wait.EndedAt ?? wait.CreatedAt, wait.SessionKey, wait.Sequence).ToString());
    }

    private sealed class WithSession
    {
        public required RunWaitRow Wait { get; init; }

        public required SessionRow Session { get; init; }
    }
}

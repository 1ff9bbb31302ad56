using AgentLab.Core.Requests;
using AgentLab.Core.Sessions;
using AgentLab.Data.Databases;
using AgentLab.Data.Sessions;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Requests;

/// <summary>Idempotency keys in the table that the session log uses too. A row without an answer is a request that is being worked on.</summary>
internal sealed class RequestJournal(LabDatabase database, TimeProvider time) : IRequestJournal
{
    private const string Pending = "";
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);
    private static readonly TimeSpan GivenUp = TimeSpan.FromMinutes(1);

    public async Task<RequestClaim> BeginAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync((context, token) => BeginAsync(context, key, token), cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Another node began the same request at the same moment: now its row is there to be read.
            return await database.WriteAsync((context, token) => BeginAsync(context, key, token), cancellationToken);
        }
    }

    public Task CompleteAsync(IdempotencyKey key, string answer, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (context, token) => Rows(context, key).ExecuteUpdateAsync(rows => rows.SetProperty(r => r.Answer, answer), token), cancellationToken);

    public Task AbandonAsync(IdempotencyKey key, CancellationToken cancellationToken) =>
        database.WriteAsync((context, token) => Rows(context, key).Where(r => r.Answer == Pending).ExecuteDeleteAsync(token), cancellationToken);

    /// <summary>Forgets the requests that are older than a day, the session log's among them.</summary>
    public Task PurgeAsync(CancellationToken cancellationToken)
    {
        var oldest = UtcMicroseconds.From(time.GetUtcNow() - Kept);
        return database.WriteAsync(
            (context, token) => context.Set<IdempotencyRow>().Where(r => r.CreatedAt < oldest).ExecuteDeleteAsync(token), cancellationToken);
    }

    private static IQueryable<IdempotencyRow> Rows(LabDbContext context, IdempotencyKey key) =>
        context.Set<IdempotencyRow>().Where(r => r.Principal == key.Principal && r.Route == key.Route && r.RequestKey == key.Key);

    private async Task<RequestClaim> BeginAsync(LabDbContext context, IdempotencyKey key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var row = await Rows(context, key).AsTracking().SingleOrDefaultAsync(cancellationToken);
        if (row is null)
        {
            context.Add(new IdempotencyRow
            {
                Principal = key.Principal,
                Route = key.Route,
                RequestKey = key.Key,
                BodyHash = key.BodyHash,
                Answer = Pending,
                CreatedAt = UtcMicroseconds.From(now),
            });
            return new(RequestClaimKind.New);
        }

        var age = now - UtcMicroseconds.ToTime(row.CreatedAt);
        if (age < Kept && row.BodyHash != key.BodyHash)
        {
            return new(RequestClaimKind.Reused);
        }

        if (age < Kept && row.Answer != Pending)
        {
            return new(RequestClaimKind.Replayed, row.Answer);
        }

        if (age < GivenUp)
        {
            return new(RequestClaimKind.InProgress);
        }

        row.BodyHash = key.BodyHash;
        row.Answer = Pending;
        row.CreatedAt = UtcMicroseconds.From(now);
        return new(RequestClaimKind.New);
    }
}

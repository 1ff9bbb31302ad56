using System.Collections.Concurrent;
using AgentLab.Core.Identity;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Identity;

/// <summary>Sign-in sessions in the database, remembered for 30 s at most.</summary>
internal sealed class SignInSessions(LabDatabase database, TimeProvider time) : ISignInSessions
{
    private const int MaxRemembered = 20_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Unseen = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<Guid, Memory> _memory = new();

    // Raised by each revocation, so that a read that began before it is not remembered after it.
    private long _revocations;

    public async ValueTask<SignedIn?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (_memory.TryGetValue(id, out var memory) && time.GetElapsedTime(memory.ReadAt) < Remembered)
        {
            return memory.Person is not null && memory.ExpiresAt > UtcMicroseconds.Now(time) ? memory.Person : null;
        }

        var revocations = Interlocked.Read(ref _revocations);
        var readAt = time.GetTimestamp();
        var row = await ReadAsync(id, cancellationToken);
        var now = UtcMicroseconds.Now(time);
        var person = row is not null && row.IsAlive(now) ? row.ToPerson() : null;
        if (person is not null && now - row!.LastSeenAt > Unseen.Ticks / TimeSpan.TicksPerMicrosecond)
        {
            await TouchAsync(row, now, cancellationToken);
        }

        if (revocations == Interlocked.Read(ref _revocations))
        {
            Remember(id, new(person, row?.ExpiresAt ?? 0, readAt));
        }

        return person;
    }

    public async ValueTask<bool> IsAliveAsync(Guid id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is not null;

    public async Task<SignedIn> BeginAsync(SignInStart start, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await database.WriteAsync(
            async (context, token) =>
            {
                var stamp = await context.Users.Where(u => u.Id == start.UserId).Select(u => u.SecurityStamp).SingleAsync(token);
                context.Add(new SignInSession
                {
                    Id = id,
                    UserId = start.UserId,
                    Kind = start.Bearer ? SignInKind.Bearer : SignInKind.Cookie,
                    SecurityStamp = stamp ?? "",
                    CreatedAt = UtcMicroseconds.From(now),
                    LastSeenAt = UtcMicroseconds.From(now),
                    ExpiresAt = UtcMicroseconds.From(now + start.Lifetime),
                    Address = Cut(start.Address, 64),
                    UserAgent = Cut(start.UserAgent, 300),
                });
            },
            cancellationToken);
        return await FindAsync(id, cancellationToken)
            ?? throw new InvalidOperationException("The sign-in ended in the moment it began.");
    }

    public async Task<IReadOnlyList<SignInSummary>> ListAsync(Guid userId, CancellationToken cancellationToken)
    {
        var now = UtcMicroseconds.Now(time);
        var rows = await database.ReadAsync(
            (context, token) => Live(context, userId, now).OrderByDescending(s => s.CreatedAt).Take(100).ToListAsync(token), cancellationToken);
        return [.. rows.Select(s => new SignInSummary(
            s.Id,
            s.Kind == SignInKind.Bearer,
            UtcMicroseconds.ToTime(s.CreatedAt),
            UtcMicroseconds.ToTime(s.LastSeenAt),
            s.Address,
            s.UserAgent))];
    }

    public async Task<bool> RevokeAsync(Guid userId, Guid id, CancellationToken cancellationToken)
    {
        var now = UtcMicroseconds.Now(time);
        var ended = await database.WriteAsync(
            (context, token) => Live(context, userId, now).Where(s => s.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.RevokedAt, now), token),
            cancellationToken);
        Forget(id);
        return ended > 0;
    }

    public async Task<int> RevokeAllAsync(Guid userId, Guid? except, CancellationToken cancellationToken)
    {
        var now = UtcMicroseconds.Now(time);
        var ended = await database.WriteAsync(
            (context, token) => Live(context, userId, now).Where(s => except == null || s.Id != except)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.RevokedAt, now), token),
            cancellationToken);
        ForgetPerson(userId);
        return ended;
    }

    /// <summary>Drops what is remembered of a sign-in session, after a write that changed it.</summary>
    public void Forget(Guid id)
    {
        Interlocked.Increment(ref _revocations);
        _memory.TryRemove(id, out _);
    }

    /// <summary>Drops what is remembered of a person's sign-in sessions, after a write that changed them.</summary>
    public void ForgetPerson(Guid userId)
    {
        Interlocked.Increment(ref _revocations);
        foreach (var (id, memory) in _memory)
        {
            if (memory.Person?.UserId == userId)
            {
                _memory.TryRemove(id, out _);
            }
        }
    }

    private static IQueryable<SignInSession> Live(LabDbContext context, Guid userId, long now) =>
        context.Set<SignInSession>().Where(s => s.UserId == userId && s.RevokedAt == null && s.ExpiresAt > now);

    private static string? Cut(string? text, int length) => text is null || text.Length <= length ? text : text[..length];

    private Task<Row?> ReadAsync(Guid id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (context, token) =>
            {
                var row = await (
                    from s in context.Set<SignInSession>()
                    join u in context.Users on s.UserId equals u.Id
                    where s.Id == id
                    select new Row
                    {
                        SessionId = s.Id,
                        UserId = u.Id,
                        UserName = u.UserName!,
                        Email = u.Email!,
                        LastSeenAt = s.LastSeenAt,
                        CreatedAt = s.CreatedAt,
                        ExpiresAt = s.ExpiresAt,
                        Ended = s.RevokedAt != null || u.DisabledAt != null || u.SecurityStamp != s.SecurityStamp,
                    }).FirstOrDefaultAsync(token);
                if (row is { Ended: false })
                {
                    row.RoleNames = await (
                        from held in context.UserRoles
                        join role in context.Roles on held.RoleId equals role.Id
                        where held.UserId == row.UserId
                        select role.Name!).ToListAsync(token);
                }

                return row;
            },
            cancellationToken);

    // A used sign-in lives on: what it had left when it was last seen is given to it again.
    private async Task TouchAsync(Row row, long now, CancellationToken cancellationToken)
    {
        var lifetime = row.ExpiresAt - row.LastSeenAt;
        row.ExpiresAt = now + lifetime;
        await database.WriteAsync(
            (context, token) => context.Set<SignInSession>().Where(s => s.Id == row.SessionId && s.RevokedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, now).SetProperty(s => s.ExpiresAt, now + lifetime), token),
            cancellationToken);
    }

    private void Remember(Guid id, Memory memory)
    {
        if (_memory.Count >= MaxRemembered)
        {
            _memory.Clear();
        }

        _memory[id] = memory;
    }

    private readonly record struct Memory(SignedIn? Person, long ExpiresAt, long ReadAt);

    private sealed class Row
    {
        public Guid SessionId { get; init; }

        public Guid UserId { get; init; }

        public required string UserName { get; init; }

        public required string Email { get; init; }

        public long CreatedAt { get; init; }

        public long LastSeenAt { get; init; }

        public long ExpiresAt { get; set; }

        public bool Ended { get; init; }

        public List<string> RoleNames { get; set; } = [];

        public bool IsAlive(long now) => !Ended && ExpiresAt > now;

        public SignedIn ToPerson() => new(SessionId, UserId, UserName, Email, Roles.Highest(RoleNames));
    }
}

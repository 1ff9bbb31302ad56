using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AgentLab.Core.Identity;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentLab.Data.Identity;

/// <summary>Refresh tokens in the database: 256 random bits each, kept as SHA-256.</summary>
internal sealed partial class RefreshTokens(
    LabDatabase database, ISignInSessions sessions, IOptions<SignInSettings> settings, TimeProvider time, ILogger<RefreshTokens> logger) : IRefreshTokens
{
    private enum Exchange
    {
        Refused,
        Reused,
        Done,
    }

    private TimeSpan Lifetime => TimeSpan.FromDays(settings.Value.KeepDays);

    public async Task<string> IssueAsync(Guid signInSessionId, CancellationToken cancellationToken)
    {
        var token = Make();
        await database.WriteAsync(
            (context, _) =>
            {
                context.Add(Row(token, signInSessionId, time.GetUtcNow()));
                return Task.CompletedTask;
            },
            cancellationToken);
        return token;
    }

    public async Task<RefreshOutcome> ExchangeAsync(string token, CancellationToken cancellationToken)
    {
        var hash = Hash(token);
        var found = await database.ReadAsync(
            (context, stop) => context.Set<RefreshToken>().FirstOrDefaultAsync(t => t.Hash == hash, stop), cancellationToken);
        if (found is null || await sessions.FindAsync(found.SignInSessionId, cancellationToken) is not { } person)
        {
            return RefreshOutcome.Refused;
        }

        var next = Make();
        switch (await ExchangeAsync(found, next, cancellationToken))
        {
            case Exchange.Done:
                return RefreshOutcome.Exchanged(person, next);
            case Exchange.Reused:
                Reused(person.UserId, person.SessionId);
                await sessions.RevokeAsync(person.UserId, person.SessionId, cancellationToken);
                return RefreshOutcome.Refused;
            default:
                return RefreshOutcome.Refused;
        }
    }

    // Conditional updates decide, so that of two exchanges at once exactly one is the first.
    private Task<Exchange> ExchangeAsync(RefreshToken found, string next, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, stop) =>
            {
                var present = time.GetUtcNow();
                var now = UtcMicroseconds.From(present);
                if (found.ExpiresAt <= now)
                {
                    return Exchange.Refused;
                }

                var tokens = context.Set<RefreshToken>().Where(t => t.Key == found.Key);
                var first = await tokens.Where(t => t.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(t => t.UsedAt, now), stop);
                if (first == 0)
                {
                    var graceFrom = UtcMicroseconds.From(present - TimeSpan.FromSeconds(settings.Value.RefreshGraceSeconds));
                    if (!await tokens.AnyAsync(t => t.UsedAt > graceFrom, stop))
                    {
                        return Exchange.Reused;
                    }
                }

                var row = Row(next, found.SignInSessionId, present);
                context.Add(row);
                await context.Set<SignInSession>().Where(s => s.Id == found.SignInSessionId).ExecuteUpdateAsync(
                    set => set.SetProperty(s => s.LastSeenAt, now).SetProperty(s => s.ExpiresAt, row.ExpiresAt), stop);
                return Exchange.Done;
            },
            cancellationToken);

    private static string Make() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private RefreshToken Row(string token, Guid session, DateTimeOffset now) => new()
    {
        Hash = Hash(token),
        SignInSessionId = session,
        CreatedAt = UtcMicroseconds.From(now),
        ExpiresAt = UtcMicroseconds.From(now + Lifetime),
    };
}

using AgentLab.Data.Databases;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AgentLab.Data.Identity;

/// <summary>
/// Tries a password and keeps the count that locks. A try is counted before the password is looked at, so that many at once cannot
/// pass the count; the right password takes the count back to nothing.
/// </summary>
internal sealed class PasswordTries(LabDatabase database, PasswordWork passwords, IOptions<SignInSettings> settings, TimeProvider time)
{
    /// <summary>True when <paramref name="password"/> is right and the account is not locked. Null for nobody, at the same cost.</summary>
    public async Task<bool> CheckAsync(LabUser? user, string password, CancellationToken cancellationToken)
    {
        var allowed = user is not null && await CountAsync(user.Id, cancellationToken);
        var result = await passwords.VerifyAsync(allowed ? user!.PasswordHash : null, password, cancellationToken);
        if (user is null || !allowed)
        {
            return false;
        }

        if (result == PasswordVerificationResult.Failed)
        {
            await LockWhenDueAsync(user.Id, cancellationToken);
            return false;
        }

        var rehashed = result == PasswordVerificationResult.SuccessRehashNeeded ? await passwords.HashAsync(password, cancellationToken) : null;
        await ClearAsync(user, rehashed, cancellationToken);
        return true;
    }

    // A count past the limit means that tries came at once, or that the process died between counting and locking: lock either way.
    private Task<bool> CountAsync(Guid userId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                var now = time.GetUtcNow();
                var counted = await Unlocked(context, userId, now).Where(u => u.AccessFailedCount < settings.Value.MaxFailures)
                    .ExecuteUpdateAsync(set => set.SetProperty(u => u.AccessFailedCount, u => u.AccessFailedCount + 1), token);
                if (counted == 0)
                {
                    await LockAsync(Unlocked(context, userId, now), now, token);
                }

                return counted > 0;
            },
            cancellationToken);

    private Task<int> LockWhenDueAsync(Guid userId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (context, token) =>
            {
                var now = time.GetUtcNow();
                return LockAsync(Unlocked(context, userId, now).Where(u => u.AccessFailedCount >= settings.Value.MaxFailures), now, token);
            },
            cancellationToken);

    private Task ClearAsync(LabUser user, string? rehashed, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                await context.Users.Where(u => u.Id == user.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(u => u.AccessFailedCount, 0), token);
                if (rehashed is not null)
                {
                    await context.Users.Where(u => u.Id == user.Id && u.PasswordHash == user.PasswordHash)
                        .ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, rehashed), token);
                }
            },
            cancellationToken);

    private static IQueryable<LabUser> Unlocked(LabDbContext context, Guid userId, DateTimeOffset now) =>
        context.Users.Where(u => u.Id == userId && (u.LockoutEnd == null || u.LockoutEnd <= now));

    private Task<int> LockAsync(IQueryable<LabUser> users, DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset? until = now.AddMinutes(settings.Value.LockMinutes);
        return users.ExecuteUpdateAsync(
            set => set.SetProperty(u => u.LockoutEnd, until).SetProperty(u => u.AccessFailedCount, 0), cancellationToken);
    }
}

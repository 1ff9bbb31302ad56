using AgentLab.Core;
using AgentLab.Core.Identity;
using AgentLab.Data.Databases;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Data.Identity;

/// <summary>Accounts in Identity's tables, each change in one transaction.</summary>
internal sealed class Accounts(
    LabDatabase database, IServiceScopeFactory scopes, PasswordWork passwords, PasswordTries tries, SignInSessions sessions, TimeProvider time) : IAccounts
{
    public async Task<PasswordVerdict> CheckAsync(string name, string password, CancellationToken cancellationToken)
    {
        var user = await FindAsync(name, cancellationToken);
        return await tries.CheckAsync(user, password, cancellationToken)
            ? new(user!.DisabledAt is null ? PasswordResult.Right : PasswordResult.Disabled, user.Id)
            : new(PasswordResult.Wrong);
    }

    public Task<bool> HasAdministratorAsync(CancellationToken cancellationToken) =>
        database.ReadAsync((context, token) => Administrators(context).AnyAsync(token), cancellationToken);

    public Task<Outcome<Account>> CreateFirstAdministratorAsync(NewAccount account, CancellationToken cancellationToken) =>
        CreateAsync(account with { Role = ActorRole.Admin }, onlyFirst: true, cancellationToken);

    public Task<Outcome<Account>> CreateAsync(NewAccount account, CancellationToken cancellationToken) =>
        CreateAsync(account, onlyFirst: false, cancellationToken);

    public async Task<Outcome<Account>> ChangePasswordAsync(
        Guid userId, string current, string next, Guid keep, CancellationToken cancellationToken)
    {
        var user = await database.ReadAsync((context, token) => context.Users.FirstOrDefaultAsync(u => u.Id == userId, token), cancellationToken);
        if (user is null || !await tries.CheckAsync(user, current, cancellationToken))
        {
            return Outcome<Account>.Failure(LabError.Invalid("currentPassword", "This is not your present password."));
        }

        var faults = await PasswordFaultsAsync(user, next, "newPassword");
        if (current == next)
        {
            faults.Add(LabError.Invalid("newPassword", "The new password must differ from the present one."));
        }

        if (faults.Count > 0)
        {
            return Outcome<Account>.Failure(faults);
        }

        var hash = await passwords.HashAsync(next, cancellationToken);
        var account = await database.WriteAsync((context, token) => ReplaceAsync(context, userId, hash, keep, token), cancellationToken);
        sessions.ForgetPerson(userId);
        return Outcome<Account>.Success(account);
    }

    public async Task<Outcome<Account>> SetEnabledAsync(Guid userId, bool enabled, CancellationToken cancellationToken)
    {
        var outcome = await database.WriteAsync(
            async (context, token) =>
            {
                if (await context.Users.FirstOrDefaultAsync(u => u.Id == userId, token) is not { } user)
                {
                    return Outcome<Account>.Failure(LabError.NotFound("account"));
                }

                await SerializeAsync(context, token);
                if (!enabled && await IsLastAdministratorAsync(context, userId, token))
                {
                    return Outcome<Account>.Failure(LastAdministrator());
                }

                user.DisabledAt = enabled ? null : user.DisabledAt ?? UtcMicroseconds.Now(time);
                user.ConcurrencyStamp = Guid.NewGuid().ToString();
                return Outcome<Account>.Success(await ToAccountAsync(context, user, token));
            },
            cancellationToken);
        sessions.ForgetPerson(userId);
        return outcome;
    }

    public async Task<Outcome<Account>> SetRoleAsync(Guid userId, ActorRole role, CancellationToken cancellationToken)
    {
        var outcome = await database.WriteAsync(
            async (context, token) =>
            {
                if (await context.Users.FirstOrDefaultAsync(u => u.Id == userId, token) is not { } user)
                {
                    return Outcome<Account>.Failure(LabError.NotFound("account"));
                }

                await SerializeAsync(context, token);
                if (role != ActorRole.Admin && await IsLastAdministratorAsync(context, userId, token))
                {
                    return Outcome<Account>.Failure(LastAdministrator());
                }

                await context.UserRoles.Where(held => held.UserId == userId).ExecuteDeleteAsync(token);
                context.UserRoles.Add(new() { UserId = userId, RoleId = await RoleIdAsync(context, role, token) });
                user.ConcurrencyStamp = Guid.NewGuid().ToString();
                return Outcome<Account>.Success(ToAccount(user, role));
            },
            cancellationToken);
        sessions.ForgetPerson(userId);
        return outcome;
    }

    public Task<IReadOnlyList<Account>> ListAsync(string? after, int take, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Account>>(
            async (context, token) =>
            {
                var from = after?.ToUpperInvariant() ?? "";
                var users = await context.Users.Where(u => u.NormalizedUserName!.CompareTo(from) > 0)
                    .OrderBy(u => u.NormalizedUserName).Take(take).ToListAsync(token);
                var accounts = new List<Account>(users.Count);
                foreach (var user in users)
                {
                    accounts.Add(await ToAccountAsync(context, user, token));
                }

                return accounts;
            },
            cancellationToken);

    public Task<Account?> FindAsync(Guid userId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (context, token) => await context.Users.FirstOrDefaultAsync(u => u.Id == userId, token) is { } user ? await ToAccountAsync(context, user, token) : null,
            cancellationToken);

    private static LabError LastAdministrator() => new("conflict", "This is the last administrator: make another one first.");

    private static Task<Guid> RoleIdAsync(LabDbContext context, ActorRole role, CancellationToken cancellationToken) =>
        context.Roles.Where(r => r.Name == Roles.Name(role)).Select(r => r.Id).SingleAsync(cancellationToken);

    private static IQueryable<LabUser> Administrators(LabDbContext context) =>
        from user in context.Users
        where user.DisabledAt == null
            && context.UserRoles.Any(held => held.UserId == user.Id && context.Roles.Any(r => r.Id == held.RoleId && r.Name == Roles.Admin))
        select user;

    // Holds the administrators' role until the end of the transaction, so that of two who ask how many there are, one waits for the other.
    private static Task<int> SerializeAsync(LabDbContext context, CancellationToken cancellationToken) =>
        context.Roles.Where(r => r.Name == Roles.Admin)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.ConcurrencyStamp, Guid.NewGuid().ToString()), cancellationToken);

    private static async Task<bool> IsLastAdministratorAsync(LabDbContext context, Guid userId, CancellationToken cancellationToken) =>
        await Administrators(context).AnyAsync(u => u.Id == userId, cancellationToken)
        && !await Administrators(context).AnyAsync(u => u.Id != userId, cancellationToken);

    private static async Task<Account> ToAccountAsync(LabDbContext context, LabUser user, CancellationToken cancellationToken)
    {
        var names = await (
            from held in context.UserRoles
            join role in context.Roles on held.RoleId equals role.Id
            where held.UserId == user.Id
            select role.Name!).ToListAsync(cancellationToken);
        return ToAccount(user, Roles.Highest(names));
    }

    private static Account ToAccount(LabUser user, ActorRole role) =>
        new(user.Id, user.UserName!, user.Email!, role, user.DisabledAt is null, UtcMicroseconds.ToTime(user.CreatedAt));

    private static async Task<Account> ReplaceAsync(LabDbContext context, Guid userId, string hash, Guid keep, CancellationToken cancellationToken)
    {
        var user = await context.Users.SingleAsync(u => u.Id == userId, cancellationToken);
        user.PasswordHash = hash;
        user.SecurityStamp = NewStamp();
        user.ConcurrencyStamp = Guid.NewGuid().ToString();
        // Every other sign-in ends by the new stamp; this one goes on under it.
        await context.Set<SignInSession>().Where(s => s.Id == keep && s.UserId == userId)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.SecurityStamp, user.SecurityStamp), cancellationToken);
        return await ToAccountAsync(context, user, cancellationToken);
    }

    private static string NewStamp() => Guid.NewGuid().ToString("N");

    private async Task<LabUser?> FindAsync(string name, CancellationToken cancellationToken)
    {
        // No name holds these, and some databases refuse to look for them.
        if (name.Any(char.IsControl))
        {
            return null;
        }

        var normalized = name.Trim().Normalize().ToUpperInvariant();
        return await database.ReadAsync(
            (context, token) => context.Users.Where(u => u.NormalizedUserName == normalized || u.NormalizedEmail == normalized)
                .OrderBy(u => u.NormalizedUserName == normalized ? 0 : 1).FirstOrDefaultAsync(token),
            cancellationToken);
    }

    private async Task<Outcome<Account>> CreateAsync(NewAccount account, bool onlyFirst, CancellationToken cancellationToken)
    {
        var user = new LabUser
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            UserName = (account.UserName ?? account.Email).Trim(),
            Email = account.Email.Trim(),
            EmailConfirmed = true,
            LockoutEnabled = true,
            CreatedAt = UtcMicroseconds.Now(time),
            SecurityStamp = NewStamp(),
        };
        var faults = await UserFaultsAsync(user);
        faults.AddRange(await PasswordFaultsAsync(user, account.Password, "password"));
        if (faults.Count > 0)
        {
            return Outcome<Account>.Failure(faults);
        }

        user.NormalizedUserName = user.UserName.Normalize().ToUpperInvariant();
        user.NormalizedEmail = user.Email.Normalize().ToUpperInvariant();
        user.PasswordHash = await passwords.HashAsync(account.Password, cancellationToken);
        try
        {
            return await database.WriteAsync((context, token) => AddAsync(context, user, account.Role, onlyFirst, token), cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            if (await FindAsync(user.UserName, cancellationToken) is null && await FindAsync(user.Email, cancellationToken) is null)
            {
                throw;
            }

            return Outcome<Account>.Failure(LabError.Invalid("email", "Another account has this name or e-mail address."));
        }
    }

    private static async Task<Outcome<Account>> AddAsync(
        LabDbContext context, LabUser user, ActorRole role, bool onlyFirst, CancellationToken cancellationToken)
    {
        if (onlyFirst)
        {
            await SerializeAsync(context, cancellationToken);
        }

        if (onlyFirst && await Administrators(context).AnyAsync(cancellationToken))
        {
            return Outcome<Account>.Failure(new LabError("conflict", "AgentLab is set up already: sign in instead."));
        }

        context.Users.Add(user);
        context.UserRoles.Add(new() { UserId = user.Id, RoleId = await RoleIdAsync(context, role, cancellationToken) });
        return Outcome<Account>.Success(ToAccount(user, role));
    }

    private async Task<List<LabError>> UserFaultsAsync(LabUser user)
    {
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<UserManager<LabUser>>();
        var faults = new List<LabError>();
        foreach (var validator in manager.UserValidators)
        {
            faults.AddRange((await validator.ValidateAsync(manager, user)).Errors.Select(e =>
                LabError.Invalid(e.Code.Contains("Email", StringComparison.Ordinal) ? "email" : "userName", e.Description)));
        }

        return faults;
    }

    private async Task<List<LabError>> PasswordFaultsAsync(LabUser user, string password, string field)
    {
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<UserManager<LabUser>>();
        var faults = new List<LabError>();
        foreach (var validator in manager.PasswordValidators)
        {
            faults.AddRange((await validator.ValidateAsync(manager, user, password)).Errors.Select(e => LabError.Invalid(field, e.Description)));
        }

        return faults;
    }
}

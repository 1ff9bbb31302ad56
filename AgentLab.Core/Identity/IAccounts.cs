namespace AgentLab.Core.Identity;

/// <summary>The accounts of people and their passwords.</summary>
public interface IAccounts
{
    /// <summary>
    /// Tries a password. An unknown name, a wrong password and a locked account give the same answer after the same work; that an
    /// account is disabled is told only to whoever knows its password.
    /// </summary>
    /// <param name="name">User name or e-mail address, in any case.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Ends the wait, not a count that has begun.</param>
    Task<PasswordVerdict> CheckAsync(string name, string password, CancellationToken cancellationToken);

    /// <summary>Whether there is an enabled administrator.</summary>
    Task<bool> HasAdministratorAsync(CancellationToken cancellationToken);

    /// <summary>Makes the first administrator. Errors: <c>invalid</c> (a field each), <c>conflict</c> when there is one already.</summary>
    Task<Outcome<Account>> CreateFirstAdministratorAsync(NewAccount account, CancellationToken cancellationToken);

    /// <summary>Makes an account. Errors: <c>invalid</c>, a field each.</summary>
    Task<Outcome<Account>> CreateAsync(NewAccount account, CancellationToken cancellationToken);

    /// <summary>
    /// Changes a person's own password and ends all other sign-ins of that person. Errors: <c>invalid</c> on <c>currentPassword</c> or
    /// <c>newPassword</c>.
    /// </summary>
    /// <param name="userId">The person.</param>
    /// <param name="current">The present password; wrong ones count towards the lock.</param>
    /// <param name="next">The new password.</param>
    /// <param name="keep">The sign-in session that goes on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Outcome<Account>> ChangePasswordAsync(Guid userId, string current, string next, Guid keep, CancellationToken cancellationToken);

    /// <summary>Enables or disables an account; disabling ends its sign-ins. False when there is none. The last administrator stays enabled.</summary>
    Task<Outcome<Account>> SetEnabledAsync(Guid userId, bool enabled, CancellationToken cancellationToken);

    /// <summary>Gives an account another role; it counts from the person's next request on. The last administrator stays one. Errors: <c>not_found</c>, <c>conflict</c>.</summary>
    Task<Outcome<Account>> SetRoleAsync(Guid userId, ActorRole role, CancellationToken cancellationToken);

    /// <summary>The accounts by name, <paramref name="take"/> at most, after the name <paramref name="after"/>.</summary>
    Task<IReadOnlyList<Account>> ListAsync(string? after, int take, CancellationToken cancellationToken);

    /// <summary>The account of this person; null when there is none.</summary>
    Task<Account?> FindAsync(Guid userId, CancellationToken cancellationToken);
}

/// <summary>A person's account.</summary>
/// <param name="Id">The person.</param>
/// <param name="UserName">The name that the person signs in with; unique in any case.</param>
/// <param name="Email">The e-mail address; unique in any case.</param>
/// <param name="Role">What the person may do.</param>
/// <param name="Enabled">False once an administrator disabled it.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record Account(Guid Id, string UserName, string Email, ActorRole Role, bool Enabled, DateTimeOffset CreatedAt);

/// <summary>An account to make.</summary>
/// <param name="Email">The e-mail address.</param>
/// <param name="Password">The first password.</param>
/// <param name="Role">What the person may do.</param>
/// <param name="UserName">The name to sign in with; null takes the e-mail address.</param>
public sealed record NewAccount(string Email, string Password, ActorRole Role, string? UserName = null);

/// <summary>What a password was found to be.</summary>
/// <param name="Result">The verdict.</param>
/// <param name="UserId">The person, when the password is right.</param>
public readonly record struct PasswordVerdict(PasswordResult Result, Guid UserId = default);

/// <summary>The verdicts on a password.</summary>
public enum PasswordResult
{
    /// <summary>Unknown name, wrong password, or locked.</summary>
    Wrong,

    /// <summary>Right, but an administrator disabled the account.</summary>
    Disabled,

    /// <summary>Right.</summary>
    Right,
}

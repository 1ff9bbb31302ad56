namespace AgentLab.Core.Identity;

/// <summary>
/// The sign-ins of people: each cookie and each family of tokens stands for one, and every request, circuit and cursor asks here
/// whether it still holds. Answers are at most 30 s old; what this process revokes ends at once in it.
/// </summary>
public interface ISignInSessions
{
    /// <summary>Who this sign-in session belongs to, with the present name and role; null when it is unknown or has ended.</summary>
    ValueTask<SignedIn?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Whether it holds. Long-lived readers ask at least every 30 s and end when the answer is false.</summary>
    ValueTask<bool> IsAliveAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Begins a sign-in session of a person whose password was just found right.</summary>
    Task<SignedIn> BeginAsync(SignInStart start, CancellationToken cancellationToken);

    /// <summary>The live sign-in sessions of a person, newest first, at most 100.</summary>
    Task<IReadOnlyList<SignInSummary>> ListAsync(Guid userId, CancellationToken cancellationToken);

    /// <summary>Ends one of a person's sign-in sessions. False when that person has no such live session.</summary>
    Task<bool> RevokeAsync(Guid userId, Guid id, CancellationToken cancellationToken);

    /// <summary>Ends all of a person's sign-in sessions but <paramref name="except"/>; returns how many.</summary>
    Task<int> RevokeAllAsync(Guid userId, Guid? except, CancellationToken cancellationToken);
}

/// <summary>A person who is signed in.</summary>
/// <param name="SessionId">The sign-in session.</param>
/// <param name="UserId">The person.</param>
/// <param name="UserName">The name that the person signs in with.</param>
/// <param name="Email">The person's e-mail address.</param>
/// <param name="Role">What the person may do.</param>
public sealed record SignedIn(Guid SessionId, Guid UserId, string UserName, string Email, ActorRole Role)
{
    /// <summary>The person as the domain knows it.</summary>
    public Actor ToActor() => new(UserId, Role, SessionId);
}

/// <summary>What a sign-in session begins with.</summary>
/// <param name="UserId">The person.</param>
/// <param name="Bearer">True for tokens, false for a cookie.</param>
/// <param name="Lifetime">How long it lives without use.</param>
/// <param name="Address">The address it comes from.</param>
/// <param name="UserAgent">What the browser or program calls itself.</param>
public sealed record SignInStart(Guid UserId, bool Bearer, TimeSpan Lifetime, string? Address, string? UserAgent);

/// <summary>A sign-in session as its owner sees it.</summary>
/// <param name="Id">The sign-in session.</param>
/// <param name="Bearer">True for tokens, false for a cookie.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="LastSeenAt">When it was last used, exact to some minutes.</param>
/// <param name="Address">The address it began from.</param>
/// <param name="UserAgent">What the browser or program called itself.</param>
public sealed record SignInSummary(Guid Id, bool Bearer, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string? Address, string? UserAgent);

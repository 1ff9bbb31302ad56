using System.Diagnostics.CodeAnalysis;

namespace AgentLab.Core.Identity;

/// <summary>
/// Refresh tokens: each is exchanged once for the next of its family (its sign-in session). One that comes a second time was
/// stolen or its answer was lost; within a short grace it is exchanged once more, after it the whole family ends.
/// </summary>
public interface IRefreshTokens
{
    /// <summary>Gives out the first token of a sign-in session.</summary>
    Task<string> IssueAsync(Guid signInSessionId, CancellationToken cancellationToken);

    /// <summary>Exchanges a token for its successor and prolongs the sign-in session.</summary>
    Task<RefreshOutcome> ExchangeAsync(string token, CancellationToken cancellationToken);
}

/// <summary>What became of a refresh token.</summary>
public sealed class RefreshOutcome
{
    private RefreshOutcome(SignedIn? person, string? token)
    {
        Person = person;
        Token = token;
    }

    /// <summary>Unknown, expired, revoked or used before: the four read the same.</summary>
    public static RefreshOutcome Refused { get; } = new(null, null);

    /// <summary>Who is signed in; null when it was refused.</summary>
    public SignedIn? Person { get; }

    /// <summary>The next token; null when it was refused.</summary>
    public string? Token { get; }

    /// <summary>Whether it was exchanged.</summary>
    [MemberNotNullWhen(true, nameof(Person), nameof(Token))]
    public bool Ok => Person is not null;

    /// <summary>It was exchanged.</summary>
    public static RefreshOutcome Exchanged(SignedIn person, string token) => new(person, token);
}

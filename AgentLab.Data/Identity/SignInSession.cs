namespace AgentLab.Data.Identity;

/// <summary>
/// One sign-in of one person on one device: what a cookie or a family of tokens stands for. It lives until it expires, is revoked,
/// or the person's security stamp changes.
/// </summary>
public sealed class SignInSession
{
    /// <summary>The id (UUIDv7), which cookie and access token carry.</summary>
    public Guid Id { get; set; }

    /// <summary>Whose sign-in it is.</summary>
    public Guid UserId { get; set; }

    /// <summary>How it shows itself.</summary>
    public SignInKind Kind { get; set; }

    /// <summary>The person's security stamp when it began; another stamp by now ends it.</summary>
    public required string SecurityStamp { get; set; }

    /// <summary>When it began, in UTC microseconds.</summary>
    public long CreatedAt { get; set; }

    /// <summary>When it was last used, in UTC microseconds; exact to some minutes.</summary>
    public long LastSeenAt { get; set; }

    /// <summary>When it ends if it is not used until then, in UTC microseconds.</summary>
    public long ExpiresAt { get; set; }

    /// <summary>When it was ended on purpose, in UTC microseconds; null while it was not.</summary>
    public long? RevokedAt { get; set; }

    /// <summary>The address it began from.</summary>
    public string? Address { get; set; }

    /// <summary>What the browser or program called itself, cut to 300 characters.</summary>
    public string? UserAgent { get; set; }
}

/// <summary>How a sign-in shows itself with each request.</summary>
public enum SignInKind
{
    /// <summary>A browser's cookie.</summary>
    Cookie,

    /// <summary>An access token with a family of refresh tokens.</summary>
    Bearer,
}

namespace AgentLab.Data.Identity;

/// <summary>One refresh token of a sign-in session; all of a session are one family. Only its hash is kept.</summary>
public sealed class RefreshToken
{
    /// <summary>The key inside the database.</summary>
    public long Key { get; set; }

    /// <summary>SHA-256 of the token, as 64 hexadecimal digits.</summary>
    public required string Hash { get; set; }

    /// <summary>The family: the sign-in session that it renews.</summary>
    public Guid SignInSessionId { get; set; }

    /// <summary>When it was given out, in UTC microseconds.</summary>
    public long CreatedAt { get; set; }

    /// <summary>When it ends, in UTC microseconds.</summary>
    public long ExpiresAt { get; set; }

    /// <summary>When it was exchanged for its successor, in UTC microseconds; null while it was not.</summary>
    public long? UsedAt { get; set; }
}

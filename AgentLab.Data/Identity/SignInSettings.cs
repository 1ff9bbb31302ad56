using AgentLab.Core.Hosting;

namespace AgentLab.Data.Identity;

/// <summary>How people sign in: <c>AgentLab:SignIn</c>.</summary>
public sealed class SignInSettings : ILabOptions
{
    /// <summary>Where these settings live.</summary>
    public const string Section = "AgentLab:SignIn";

    /// <summary>Rounds of PBKDF2 (HMAC-SHA-512) for a password, 210,000 to 10,000,000; raised, it takes effect at each person's next sign-in. Default: 210000.</summary>
    public int PasswordIterations { get; set; } = 210_000;

    /// <summary>Wrong passwords in a row that lock an account, 3 to 100. Default: 5.</summary>
    public int MaxFailures { get; set; } = 5;

    /// <summary>How long a lock lasts, in minutes, 1 to 1440. Default: 15.</summary>
    public int LockMinutes { get; set; } = 15;

    /// <summary>How long an unused sign-in lives when it shall be kept, and a refresh token, in days, 1 to 90. Default: 14.</summary>
    public int KeepDays { get; set; } = 14;

    /// <summary>How long an unused sign-in of a browser lives otherwise, in hours, 1 to 168. Default: 12.</summary>
    public int BrowserHours { get; set; } = 12;

    /// <summary>How long an access token lives, in minutes, 1 to 60. Default: 15.</summary>
    public int AccessTokenMinutes { get; set; } = 15;

    /// <summary>How long after its exchange a refresh token may come once more because the answer was lost, in seconds, 0 to 60. Default: 10.</summary>
    public int RefreshGraceSeconds { get; set; } = 10;

    /// <inheritdoc/>
    public IEnumerable<string> Check()
    {
        (string Name, int Value, int Least, int Most)[] bounds =
        [
            (nameof(PasswordIterations), PasswordIterations, 210_000, 10_000_000),
            (nameof(MaxFailures), MaxFailures, 3, 100),
            (nameof(LockMinutes), LockMinutes, 1, 1440),
            (nameof(KeepDays), KeepDays, 1, 90),
            (nameof(BrowserHours), BrowserHours, 1, 168),
            (nameof(AccessTokenMinutes), AccessTokenMinutes, 1, 60),
            (nameof(RefreshGraceSeconds), RefreshGraceSeconds, 0, 60),
        ];
        return from bound in bounds
               where bound.Value < bound.Least || bound.Value > bound.Most
               select $"{Section}:{bound.Name} is {bound.Value}; allowed are {bound.Least} to {bound.Most}.";
    }
}

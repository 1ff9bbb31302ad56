using AgentLab.Core.Identity;
using AgentLab.Web.Hosting.Problems;

namespace AgentLab.Web.Features.Account;

/// <summary>What became of a try to sign in: a person, or the code of the refusal.</summary>
internal sealed class SignInResult
{
    private SignInResult(SignedIn? person, string? code, int retryAfter)
    {
        Person = person;
        Code = code;
        RetryAfter = retryAfter;
    }

    /// <summary>Who is signed in now; null when refused.</summary>
    public SignedIn? Person { get; }

    /// <summary>Why not; null when signed in.</summary>
    public string? Code { get; }

    /// <summary>Seconds to wait after too many tries; 0 otherwise.</summary>
    public int RetryAfter { get; }

    public static SignInResult Done(SignedIn person) => new(person, null, 0);

    public static SignInResult Refused(string code) => new(null, code, 0);

    public static SignInResult Limited(int seconds) => new(null, ErrorCodes.RateLimited, seconds);
}

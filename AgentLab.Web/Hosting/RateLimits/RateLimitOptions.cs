using AgentLab.Core.Hosting;

namespace AgentLab.Web.Hosting.RateLimits;

/// <summary>How often one caller may call, each in requests a minute, 1 to 1,000,000: <c>AgentLab:RateLimits</c>.</summary>
public sealed class RateLimitOptions : ILabOptions
{
    /// <summary>Where these settings live.</summary>
    public const string Section = "AgentLab:RateLimits";

    /// <summary>Calls of the API by one user, or by one address without sign-in. Default: 100.</summary>
    public int Api { get; set; } = 100;

    /// <summary>Sessions and messages that one user starts. Default: 10.</summary>
    public int Runs { get; set; } = 10;

    /// <summary>Sign-in tries under one name from one address. Default: 5.</summary>
    public int SignIn { get; set; } = 5;

    /// <summary>Sign-in and set-up tries from one address, whatever the names. Default: 30.</summary>
    public int SignInAddress { get; set; } = 30;

    /// <summary>Requests to one webhook, whoever sends them. Default: 6000.</summary>
    public int Hook { get; set; } = 6000;

    /// <inheritdoc/>
    public IEnumerable<string> Check() =>
        from limit in new[] { (nameof(Api), Api), (nameof(Runs), Runs), (nameof(SignIn), SignIn), (nameof(SignInAddress), SignInAddress), (nameof(Hook), Hook) }
        where limit.Item2 is < 1 or > 1_000_000
        select $"{Section}:{limit.Item1} is {limit.Item2}; allowed are 1 to 1000000 a minute.";
}

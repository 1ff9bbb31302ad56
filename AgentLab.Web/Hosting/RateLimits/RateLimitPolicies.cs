namespace AgentLab.Web.Hosting.RateLimits;

/// <summary>Names for <c>RequireRateLimiting</c>. The limit on all calls of the API needs no name: it holds everywhere under /api.</summary>
public static class RateLimitPolicies
{
    /// <summary>For endpoints that start a run: a new session, a message.</summary>
    public const string Runs = "runs";
}

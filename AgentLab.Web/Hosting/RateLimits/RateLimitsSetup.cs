using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using AgentLab.Web.Hosting.Options;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Hosting.RateLimits;

/// <summary>Limits on calls: sliding windows of a minute, refused with 429 and Retry-After.</summary>
internal static class RateLimitsSetup
{
    private const int Segments = 6;

    public static IServiceCollection AddLabRateLimits(this IServiceCollection services)
    {
        services.AddLabOptions<RateLimitOptions>(RateLimitOptions.Section);
        services.AddSingleton<SignInLimiter>();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimitOptions>>((limiter, limits) =>
        {
            limiter.OnRejected = RefuseAsync;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                context.Request.Path.StartsWithSegments("/api")
                    ? Window(Principal(context), limits.Value.Api)
                    : RateLimitPartition.GetNoLimiter(""));
            limiter.AddPolicy(RateLimitPolicies.Runs, context => Window(Principal(context), limits.Value.Runs));
        });
        return services;
    }

    /// <summary>A window of a minute for <paramref name="key"/> that lets <paramref name="permits"/> calls pass.</summary>
    public static RateLimitPartition<string> Window(string key, int permits) =>
        RateLimitPartition.GetSlidingWindowLimiter(key, _ => new()
        {
            PermitLimit = permits,
            Window = TimeSpan.FromMinutes(1),
            SegmentsPerWindow = Segments,
            QueueLimit = 0,
        });

    /// <summary>Whole seconds until a refused caller may try again, at least 1.</summary>
    public static int RetryAfter(RateLimitLease lease) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 60 / Segments;

    /// <summary>Answers 429 with the seconds to wait.</summary>
    public static Task RefuseAsync(HttpContext context, int seconds)
    {
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return ProblemsSetup.ShowAsync(context, ErrorCodes.RateLimited, $"Too many requests. Try again in {seconds} s.");
    }

    private static async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken cancellationToken) =>
        await RefuseAsync(rejected.HttpContext, RetryAfter(rejected.Lease));

    private static string Principal(HttpContext context) =>
        context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? $"address {context.Connection.RemoteIpAddress}";
}

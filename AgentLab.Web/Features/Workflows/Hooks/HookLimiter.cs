using System.Threading.RateLimiting;
using AgentLab.Web.Hosting.RateLimits;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Features.Workflows.Hooks;

/// <summary>Counts requests to each webhook, whoever sends them: many senders of one shop are one flood to its workflow.</summary>
internal sealed class HookLimiter(IOptions<RateLimitOptions> options) : IDisposable
{
    /// <summary>The one partition of requests that wake runs.</summary>
    public static readonly Guid Wakes = Guid.Empty;

    private readonly PartitionedRateLimiter<Guid> _limiter = PartitionedRateLimiter.Create<Guid, Guid>(workflow =>
        RateLimitPartition.GetSlidingWindowLimiter(workflow, _ => new()
        {
            PermitLimit = options.Value.Hook,
            Window = TimeSpan.FromMinutes(1),
            SegmentsPerWindow = 6,
            QueueLimit = 0,
        }));

    /// <summary>Counts a request. Returns null when it may go on, otherwise the seconds to wait.</summary>
    public int? Try(Guid workflow)
    {
        using var lease = _limiter.AttemptAcquire(workflow);
        return lease.IsAcquired ? null : RateLimitsSetup.RetryAfter(lease);
    }

    public void Dispose() => _limiter.Dispose();
}

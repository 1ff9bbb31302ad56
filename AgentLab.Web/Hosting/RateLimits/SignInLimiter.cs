using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Hosting.RateLimits;

/// <summary>Counts tries to sign in, by address and name and by address alone, before any password is looked at.</summary>
internal sealed class SignInLimiter : IDisposable
{
    private readonly PartitionedRateLimiter<(string Address, string Name)> _names;
    private readonly PartitionedRateLimiter<(string Address, string Name)> _addresses;

    public SignInLimiter(IOptions<RateLimitOptions> options)
    {
        var limits = options.Value;
        _names = PartitionedRateLimiter.Create<(string Address, string Name), string>(
            t => RateLimitsSetup.Window($"{t.Address} {t.Name}", limits.SignIn));
        _addresses = PartitionedRateLimiter.Create<(string Address, string Name), string>(
            t => RateLimitsSetup.Window(t.Address, limits.SignInAddress));
    }

    /// <summary>Counts a try. Returns null when it may go on, otherwise the seconds to wait.</summary>
    /// <param name="context">Whose address counts.</param>
    /// <param name="name">The name that was typed; its case does not matter, its length is cut.</param>
    public int? Try(HttpContext context, string? name)
    {
        var typed = (name ?? "").Trim().ToUpperInvariant();
        var key = (context.Connection.RemoteIpAddress?.ToString() ?? "", typed.Length > 100 ? typed[..100] : typed);
        using var address = _addresses.AttemptAcquire(key);
        if (!address.IsAcquired)
        {
            return RateLimitsSetup.RetryAfter(address);
        }

        using var lease = _names.AttemptAcquire(key);
        return lease.IsAcquired ? null : RateLimitsSetup.RetryAfter(lease);
    }

    public void Dispose()
    {
        _names.Dispose();
        _addresses.Dispose();
    }
}

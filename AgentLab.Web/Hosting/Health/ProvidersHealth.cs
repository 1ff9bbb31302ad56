using AgentLab.Core.Models;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentLab.Web.Hosting.Health;

/// <summary>
/// What the last calls told of the providers: degraded while a circuit is open. Nobody is called for it, so that asking costs nothing; and a provider
/// that is away never takes this node out of service.
/// </summary>
internal sealed class ProvidersHealth(IProviderHealth providers) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var seen = providers.List();
        var data = seen.ToDictionary(p => p.ProviderId, p => (object)(p.LastErrorCode ?? "ok"));
        var away = seen.Where(p => p.State == CircuitState.Open).Select(p => p.ProviderId).ToList();
        return Task.FromResult(away.Count == 0
            ? HealthCheckResult.Healthy(data: data)
            : HealthCheckResult.Degraded($"Not to be reached at present: {string.Join(", ", away)}.", data: data));
    }
}

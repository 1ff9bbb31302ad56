using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Hosting.Health;

/// <summary>Whether the process comes close to the memory that the machine or container allows it.</summary>
internal sealed class MemoryHealth(IOptions<HealthOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var used = Environment.WorkingSet;
        var data = new Dictionary<string, object> { ["usedMb"] = used >> 20, ["limitMb"] = limit >> 20 };
        return Task.FromResult(limit > 0 && used * 100.0 / limit > options.Value.MemoryPercent
            ? HealthCheckResult.Degraded($"The process uses more than {options.Value.MemoryPercent} % of its memory limit.", data: data)
            : HealthCheckResult.Healthy(data: data));
    }
}

using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentLab.Web.Hosting.Health;

/// <summary>How many viewers follow how many sessions, and how many runs go on, in this process.</summary>
internal sealed class StreamHealth(IFeedStatistics feed, IRunSupervisor runs) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(HealthCheckResult.Healthy(data: new Dictionary<string, object>
        {
            ["viewers"] = feed.Viewers,
            ["sessions"] = feed.Sessions,
            ["runs"] = runs.Active,
        }));
}

using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Hosting.Hints;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentLab.Web.Hosting.Health;

/// <summary>Which nodes serve the database, whether this one's lease is held, and whether hints travel between them.</summary>
internal sealed class NodesHealth(INodeRegistry registry, INodeLease lease, IHints hints) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var nodes = await registry.ListAsync(cancellationToken);
        var data = new Dictionary<string, object> { ["node"] = lease.NodeId, ["nodes"] = nodes.Count, ["hints"] = hints.State.ToString().ToLowerInvariant() };
        if (!lease.Held)
        {
            return HealthCheckResult.Degraded("The lease of this node is late: its runs begin nothing new until it is renewed.", data: data);
        }

        return hints.State == HintState.Away && nodes.Count > 1
            ? HealthCheckResult.Degraded("Hints between the nodes do not travel: each looks by itself about every second.", data: data)
            : HealthCheckResult.Healthy(data: data);
    }
}

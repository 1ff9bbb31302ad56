using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Hosting.Hints;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Agents.Runs;

/// <summary>Tells this node's runs of the stops that people asked for at other nodes: those stand in the log already.</summary>
internal sealed class RemoteStops(
    IRunDirectory directory, INodeRegistry registry, NodeLease lease, IRunSupervisor supervisor, IHints hints, TimeProvider time, ILogger<RemoteStops> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!registry.Shared)
        {
            return;
        }

        using var look = new HintedLook(hints, static hint => hint.Kind == HintKind.Run, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StopAskedAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.StopsNotRead(e);
            }

            await look.WaitAsync(Pause, stoppingToken);
        }
    }

    private async Task StopAskedAsync(CancellationToken cancellationToken)
    {
        if (supervisor.Active > 0)
        {
            foreach (var run in await directory.StopRequestedAsync(lease.NodeId, cancellationToken))
            {
                supervisor.Stop(run);
            }
        }
    }
}

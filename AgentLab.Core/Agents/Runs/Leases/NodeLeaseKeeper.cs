using AgentLab.Core.Hosting.Hints;
using AgentLab.Core.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Agents.Runs.Leases;

/// <summary>
/// Enters this node before anything else starts, renews its lease at a third of its time, and gives it up when the node's runs have let go. When the lease was struck out
/// meanwhile, everything that was held under it ends, and the node is entered anew.
/// </summary>
internal sealed class NodeLeaseKeeper(
    INodeRegistry registry, NodeLease lease, NodeIdentity node, IHints hints, TimeProvider time, ILogger<NodeLeaseKeeper> logger) : BackgroundService, IHostedLifecycleService
{
    private const int RenewalsALease = 3;
    private const int TriesALease = 20;

    private volatile bool _left;

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => EnterAsync(cancellationToken);

    /// <summary>Gives the lease up: other nodes take what is left at once.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (_left || !registry.Shared)
        {
            return;
        }

        _left = true;
        var id = lease.Current.Id;
        lease.Current.Lose();
        try
        {
            await registry.RemoveAsync(id, cancellationToken);
            hints.Send(new Hint(HintKind.Nodes, id));
        }
        catch (Exception e)
        {
            // It ends by itself after its time.
            logger.LeaseNotGivenUp(e, id);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!registry.Shared)
        {
            return;
        }

        var pause = node.Lease / RenewalsALease;
        while (!_left)
        {
            await Task.Delay(pause, time, stoppingToken);
            pause = node.Lease / (await TryRenewAsync(stoppingToken) ? RenewalsALease : TriesALease);
        }
    }

    private async Task<bool> TryRenewAsync(CancellationToken stoppingToken)
    {
        using var limit = new CancellationTokenSource(node.Lease / RenewalsALease, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stoppingToken);
        try
        {
            await RenewAsync(either.Token);
            return true;
        }
        catch (Exception e)
        {
            if (!stoppingToken.IsCancellationRequested)
            {
                lease.Doubt();
                logger.LeaseNotRenewed(e, lease.Current.Id);
            }

            return false;
        }
    }

    /// <summary>Renews once; enters anew when the lease is gone.</summary>
    internal async Task RenewAsync(CancellationToken cancellationToken)
    {
        var term = lease.Current;
        var asked = Moment.Now(time);
        if (!term.Lost.IsCancellationRequested && await registry.RenewAsync(term.Id, cancellationToken))
        {
            lease.Renewed(term, asked);
            return;
        }

        if (_left)
        {
            return;
        }

        if (!term.Lost.IsCancellationRequested)
        {
            logger.LeaseLost(term.Id);
            lease.Lose();
        }

        await EnterAsync(cancellationToken);
    }

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        var asked = Moment.Now(time);
        await registry.RegisterAsync(node.Id, cancellationToken);
        if (registry.Shared)
        {
            lease.Begin(asked);
            hints.Send(new Hint(HintKind.Nodes, node.Id));
        }
    }

    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

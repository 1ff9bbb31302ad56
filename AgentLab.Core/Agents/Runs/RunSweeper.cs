using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Hosting.Hints;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Agents.Runs;

/// <summary>
/// Takes up the runs that nobody holds, each under the next fencing number, so that nothing of their last holder can still write: at start what a forerunner left, later what nodes
/// leave that end or give no sign of life. Of several nodes that reach for one run the log lets one have it.
/// </summary>
internal sealed class RunSweeper(
    IRunDirectory directory, INodeRegistry registry, NodeLease lease, IRunSupervisor supervisor, ISessionLog log, NodeIdentity node, IHints hints, TimeProvider time,
    ILogger<RunSweeper> logger) : BackgroundService
{
    private const int AtOnce = 32;

    /// <summary>How often a run is taken up without a new step before it is set aside: what it does may be what ends the processes.</summary>
    private const int MostRecoveries = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private volatile bool _lookAtWaiting = true;

    /// <summary>Strikes out nodes whose lease is over, where this one may judge, and takes what nobody holds. Returns how many runs it took.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        if (!lease.Held)
        {
            return 0;
        }

        if (registry.Shared && !await LookAtNodesAsync(cancellationToken))
        {
            return 0;
        }

        var taken = 0;
        for (var more = true; more;)
        {
            var free = (await directory.FreeAsync(AtOnce, cancellationToken)).ToArray();
            var before = taken;
            taken += await TakeAsync(free, cancellationToken);
            more = free.Length == AtOnce && taken > before;
        }

        return _lookAtWaiting ? taken + await EndStoppedAsync(cancellationToken) : taken;
    }

    /// <summary>Takes the waiting runs whose stop nobody has carried out, to write their ends.</summary>
    private async Task<int> EndStoppedAsync(CancellationToken cancellationToken)
    {
        _lookAtWaiting = false;
        try
        {
            var taken = 0;
            for (var more = true; more;)
            {
                var stopped = (await directory.StoppedWaitingAsync(AtOnce, cancellationToken)).ToArray();
                var before = taken;
                taken += await TakeAsync(stopped, cancellationToken);
                more = stopped.Length == AtOnce && taken > before;
            }

            return taken;
        }
        catch
        {
            _lookAtWaiting = true;
            throw;
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new HintedLook(hints, hint => hint.Kind == HintKind.Nodes && (_lookAtWaiting = true), time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(stoppingToken);
                if (!registry.Shared)
                {
                    return;
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                lease.Doubt();
                logger.RecoveryFailed(e);
            }

            // Nodes that were started together would else look together.
            await look.WaitAsync(Pause * (0.75 + (Random.Shared.NextDouble() / 2)), stoppingToken);
        }
    }

    /// <summary>Strikes out nodes whose lease is over. False when this one was struck out itself, which its next renewal finds: whatever it took now would be free again at once.</summary>
    private async Task<bool> LookAtNodesAsync(CancellationToken cancellationToken)
    {
        if (lease.MayJudge && await registry.RemoveExpiredAsync(cancellationToken) is > 0 and var count)
        {
            _lookAtWaiting = true;
            logger.NodesStruckOut(count);
            hints.Send(new Hint(HintKind.Nodes, node.Id));
        }

        var nodes = await registry.ListAsync(cancellationToken);
        hints.Others = nodes.Any(entry => entry.Id != lease.NodeId);
        return nodes.Any(entry => entry.Id == lease.NodeId);
    }

    /// <summary>In any order, since other nodes reach for the same runs; and together, so that the log commits them as one.</summary>
    private async Task<int> TakeAsync(OwnedRun[] runs, CancellationToken cancellationToken)
    {
        Random.Shared.Shuffle(runs);
        return (await Task.WhenAll(runs.Select(run => TakeAsync(run, cancellationToken)))).Count(taken => taken);
    }

    private async Task<bool> TakeAsync(OwnedRun run, CancellationToken cancellationToken)
    {
        var term = lease.Current;
        var fence = new RunFence(run.Run, run.Fence + 1);
        var append = new SessionAppend(run.Session, [new NewEvent(new RunResumed(RunReasons.Recovered, term.Id, fence.Number), run.Run)])
        {
            Fence = new RunFence(run.Run, run.Fence),
        };
        if (!(await log.AppendAsync(append, cancellationToken)).Landed)
        {
            return false;
        }

        if (lease.Current != term)
        {
            // The lease under which it was taken was lost meanwhile: the run is free again.
            return false;
        }

        logger.RunTakenUp(run.Run, run.Session.Value);
        supervisor.Start(run.Session, fence, run.Recoveries >= MostRecoveries ? new SetAsideLoop(run.Recoveries + 1) : null);
        return true;
    }
}

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
/// <para>
/// What a run does may be what ends the processes. From outside, all runs of a process look alike then, so those that were taken up again and again without getting any further are tried
/// one at a time: only the guilty one is there when the process ends, until it is set aside.
/// </para>
/// </summary>
internal sealed class RunSweeper(
    IRunDirectory directory, INodeRegistry registry, NodeLease lease, IRunSupervisor supervisor, ISessionLog log, NodeIdentity node, IHints hints, TimeProvider time,
    ILogger<RunSweeper> logger) : BackgroundService, IHostedLifecycleService
{
    private const int AtOnce = 32;

    /// <summary>How often a run is taken up without a new step before it is a suspect.</summary>
    private const int Suspicious = 2;

    /// <summary>How often a run is taken up without a new step before it is set aside.</summary>
    private const int MostRecoveries = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long a suspect that neither ends nor begins a step keeps the next one waiting.</summary>
    private static readonly TimeSpan LongestTrial = TimeSpan.FromMinutes(15);

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _lookAtWaiting = true;
    private volatile bool _suspectsLeft;
    private Trial? _trial;

    /// <summary>A program that cannot start, for instance because its port is in use, takes nothing up.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _started.TrySetResult();
        return Task.CompletedTask;
    }

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
        OwnedRun? suspect = null;
        for (var more = true; more;)
        {
            var free = await directory.FreeAsync(AtOnce, cancellationToken);
            var before = taken;
            taken += await TakeAsync([.. free.Where(run => !IsSuspect(run))], cancellationToken);
            suspect = free.FirstOrDefault(IsSuspect);
            more = free.Count == AtOnce && taken > before;
        }

        _suspectsLeft = suspect is not null;
        taken += suspect is not null && await TryAsync(suspect, cancellationToken) ? 1 : 0;
        return _lookAtWaiting ? taken + await EndStoppedAsync(cancellationToken) : taken;
    }

    private static bool IsSuspect(OwnedRun run) => run.Recoveries >= Suspicious && !IsSetAside(run);

    /// <summary>One that a person has asked to stop ends as it was asked to.</summary>
    private static bool IsSetAside(OwnedRun run) => run.Recoveries >= MostRecoveries && !run.StopRequested;

    /// <summary>Takes a suspect when the one before it is through. True when it was taken.</summary>
    private async Task<bool> TryAsync(OwnedRun suspect, CancellationToken cancellationToken)
    {
        if (_trial is { } before && !await IsOverAsync(before, cancellationToken))
        {
            return false;
        }

        _trial = null;
        if (!await TakeAsync(suspect, cancellationToken))
        {
            return false;
        }

        logger.RunOnTrial(suspect.Run, suspect.Session.Value, suspect.Recoveries + 1);
        _trial = new Trial(suspect.Run, supervisor.WhenIdleAsync(suspect.Run, CancellationToken.None), time.GetTimestamp());
        return true;
    }

    private async Task<bool> IsOverAsync(Trial trial, CancellationToken cancellationToken)
    {
        if (trial.Idle.IsCompleted || time.GetElapsedTime(trial.Since) >= LongestTrial)
        {
            return true;
        }

        return await directory.FindAsync(trial.Run, cancellationToken) is not { Waiting: false, Recoveries: > 0 } run || run.Node != lease.NodeId;
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
        await _started.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var look = new HintedLook(hints, hint => hint.Kind == HintKind.Nodes && (_lookAtWaiting = true), time);
        Trial? watched = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(stoppingToken);
                if (!registry.Shared && !_suspectsLeft)
                {
                    return;
                }

                if (_trial is { } trial && trial != watched)
                {
                    watched = trial;
                    _ = WakeAfterAsync(trial, look);
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

    /// <summary>The next suspect need not wait when this one has ended.</summary>
    private static async Task WakeAfterAsync(Trial trial, HintedLook look)
    {
        await trial.Idle;
        look.Wake();
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
        supervisor.Start(run.Session, fence, IsSetAside(run) ? new SetAsideLoop(run.Recoveries) : null);
        return true;
    }

    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A suspect that was taken up.</summary>
    /// <param name="Run">The run.</param>
    /// <param name="Idle">Completes when it is no longer going on here.</param>
    /// <param name="Since">When it was taken.</param>
    private sealed record Trial(RunId Run, Task Idle, long Since);
}

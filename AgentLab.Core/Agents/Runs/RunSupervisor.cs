using System.Collections.Concurrent;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Agents.Runs;

/// <summary>
/// Runs the loops of this process, of agents and of workflows alike, and, at start, takes up the runs that its forerunner left: under the next fencing number,
/// so that nothing of the forerunner can still write.
/// </summary>
internal sealed class RunSupervisor(
    IEnumerable<IRunKind> kinds, ISessionReader reader, IRunDirectory directory, ISessionLog log, NodeIdentity node,
    IOptions<RunOptions> options, TimeProvider time, ILogger<RunSupervisor> logger) : BackgroundService, IRunSupervisor
{
    private static readonly TimeSpan RecoveryPause = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<RunId, Active> _active = new();
    private readonly SemaphoreSlim _slots = new(options.Value.ConcurrentRuns);
    private readonly CancellationTokenSource _shutdown = new();

    /// <inheritdoc />
    int IRunSupervisor.Active => _active.Count;

    /// <inheritdoc />
    public void Start(SessionId session, RunFence fence) => Start(session, fence, null);

    /// <inheritdoc />
    void IRunSupervisor.Start(SessionId session, RunFence fence, IRunLoop? made) => Start(session, fence, made);

    private void Start(SessionId session, RunFence fence, IRunLoop? made)
    {
        if (_shutdown.IsCancellationRequested)
        {
            made?.Dispose();
            return;
        }

        var active = new Active(fence.Number);
        var present = _active.GetOrAdd(fence.RunId, active);
        if (present == active)
        {
            active.Loop = Task.Run(() => RunAsync(session, fence, active, made), CancellationToken.None);
            return;
        }

        made?.Dispose();
        if (present.Fence < fence.Number)
        {
            _ = StartAfterAsync(present, session, fence);
        }
    }

    /// <inheritdoc />
    public bool Stop(RunId run)
    {
        return _active.TryGetValue(run, out var active) && active.TryStop();
    }

    /// <inheritdoc />
    public async Task WhenIdleAsync(RunId run, CancellationToken cancellationToken)
    {
        if (_active.TryGetValue(run, out var active))
        {
            await active.Ended.Task.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // The loops are left where they are: the log says how far each came, and the next process goes on from there.
        await _shutdown.CancelAsync();
        await Task.WhenAll(_active.Values.Select(a => a.Ended.Task)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _shutdown.Dispose();
        _slots.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var run in await directory.LeftRunningAsync(stoppingToken))
                {
                    await TakeUpAsync(run, stoppingToken);
                }

                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.RecoveryFailed(e);
                await Task.Delay(RecoveryPause, time, stoppingToken);
            }
        }
    }

    private async Task TakeUpAsync(OwnedRun run, CancellationToken cancellationToken)
    {
        // A run that a request started in this process since its start is in the list too; it goes on already.
        if (_active.ContainsKey(run.Run))
        {
            return;
        }

        var fence = new RunFence(run.Run, run.Fence + 1);
        var append = new SessionAppend(run.Session, [new NewEvent(new RunResumed(RunReasons.Recovered, node.Name, fence.Number), run.Run)])
        {
            Fence = new RunFence(run.Run, run.Fence),
        };
        var outcome = await log.AppendAsync(append, cancellationToken);
        if (!outcome.Landed)
        {
            return;
        }

        logger.RunTakenUp(run.Run, run.Session.Value);

        // Its request may have started it after all, between the look and the append: that loop may write nothing more, and need not wait for its model first.
        Stop(run.Run);
        Start(run.Session, fence);
    }

    private async Task StartAfterAsync(Active before, SessionId session, RunFence fence)
    {
        await before.Ended.Task;
        Start(session, fence);
    }

    private async Task RunAsync(SessionId session, RunFence fence, Active active, IRunLoop? made)
    {
        var waits = false;
        using var scope = logger.BeginScope(new Dictionary<string, object> { ["SessionId"] = session.Value, ["RunId"] = fence.RunId.ToString() });
        try
        {
            await _slots.WaitAsync(_shutdown.Token);
            try
            {
                waits = await RunLoadedAsync(session, fence, active, made);
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (OperationCanceledException) when (_shutdown.IsCancellationRequested)
        {
            // The process ends: the run is taken up again at the next start.
        }
        catch (RunLostException e)
        {
            logger.RunLost(e, fence.RunId);
        }
        catch (RunNotLoadableException e)
        {
            await FailAsync(session, fence, e.Code, e.Message);
        }
        catch (Exception e)
        {
            logger.RunBroke(e, fence.RunId);
            await FailAsync(session, fence, "internal", "The run broke inside AgentLab. The server's log has the details under this run's id.");
        }
        finally
        {
            _active.TryRemove(fence.RunId, out _);
            var stopped = active.End();
            active.Ended.TrySetResult();
            if (waits && stopped)
            {
                // The stop came when the loop had paused already: another one writes the end.
                Start(session, fence);
            }
        }
    }

    /// <summary>Runs the loop; true when it left the run waiting.</summary>
    private async Task<bool> RunLoadedAsync(SessionId session, RunFence fence, Active active, IRunLoop? made)
    {
        using var loop = made ?? await LoadAsync(session, fence);
        return await loop.RunAsync(active.Stop.Token, _shutdown.Token);
    }

    private async Task<IRunLoop> LoadAsync(SessionId session, RunFence fence)
    {
        var summary = await reader.FindAsync(session, _shutdown.Token) ?? throw new RunNotLoadableException("session_missing", "The run's session is gone.");
        var kind = kinds.FirstOrDefault(k => k.Fits(summary))
            ?? throw new RunNotLoadableException("kind_missing", "This process does not know how to run what the session belongs to.");
        return await kind.LoadAsync(summary, fence, _shutdown.Token);
    }

    /// <summary>Writes the run's end, as soon as the store takes it: what broke the run may be that the store is away.</summary>
    private async Task FailAsync(SessionId session, RunFence fence, string code, string message)
    {
        try
        {
            using var journal = new RunJournal(log, session, fence, new RunFold(fence.RunId), time);
            await journal.AppendAsync([journal.Event(new RunFailed(code, message, true, UsageTotals.Zero, 0))], [], _shutdown.Token);
        }
        catch (OperationCanceledException) when (_shutdown.IsCancellationRequested)
        {
            // The process ends: the run is taken up again at the next start.
        }
        catch (RunLostException e)
        {
            logger.RunLost(e, fence.RunId);
        }
        catch (Exception e)
        {
            logger.RunBroke(e, fence.RunId);
        }
    }

    private sealed class Active(long fence)
    {
        private readonly Lock _lock = new();
        private bool _stopped;
        private bool _over;

        public long Fence => fence;

        public CancellationTokenSource Stop { get; } = new();

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task? Loop { get; set; }

        /// <summary>Asks the loop to stop; false when it is over.</summary>
        public bool TryStop()
        {
            lock (_lock)
            {
                if (_over)
                {
                    return false;
                }

                _stopped = true;
            }

            Stop.Cancel();
            return true;
        }

        /// <summary>The loop is over; true when it had been asked to stop.</summary>
        public bool End()
        {
            lock (_lock)
            {
                _over = true;
                return _stopped;
            }
        }
    }
}

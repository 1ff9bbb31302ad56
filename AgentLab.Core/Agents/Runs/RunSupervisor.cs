using System.Collections.Concurrent;
using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Agents.Runs;

/// <summary>
/// Runs the loops of this process, of agents and of workflows alike: each for as long as the term of the lease under which it was started, so that a node which is not the owner any
/// more ends what it has begun.
/// </summary>
internal sealed class RunSupervisor(
    IEnumerable<IRunKind> kinds, ISessionReader reader, IRunDirectory directory, ISessionLog log, INodeRegistry registry, NodeLease lease, NodeLeaseKeeper keeper,
    IOptions<RunOptions> options, TimeProvider time, ILogger<RunSupervisor> logger) : IHostedService, IRunSupervisor, IDisposable
{
    private static readonly TimeSpan UntilTerm = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan UntilStore = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<RunId, ActiveRun> _active = new();
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

        var active = new ActiveRun(fence.Number, lease.Current, _shutdown.Token);
        var present = _active.GetOrAdd(fence.RunId, active);
        if (present == active)
        {
            active.Loop = Task.Run(() => RunAsync(session, fence, active, made), CancellationToken.None);
            return;
        }

        active.Dispose();
        if (present.Fence < fence.Number)
        {
            present.Abandon();
            _ = StartAfterAsync(present, session, fence, made);
            return;
        }

        made?.Dispose();
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
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // The loops are left where they are: the log says how far each came, and whoever takes them goes on from there.
        await _shutdown.CancelAsync();
        var ended = Task.WhenAll(_active.Values.Select(a => a.Ended.Task));
        await ended.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ended.IsCompletedSuccessfully)
        {
            // A process that can stop by itself was not ended by what it ran.
            await TryClearRecoveriesAsync(() => directory.ClearRecoveriesAsync(lease.NodeId, cancellationToken));
            await keeper.LeaveAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _shutdown.Dispose();
        _slots.Dispose();
    }

    private async Task StartAfterAsync(ActiveRun before, SessionId session, RunFence fence, IRunLoop? made)
    {
        await before.Ended.Task;
        Start(session, fence, made);
    }

    private async Task RunAsync(SessionId session, RunFence fence, ActiveRun active, IRunLoop? made)
    {
        var waits = false;
        var lost = false;
        using var scope = logger.BeginScope(new Dictionary<string, object> { ["SessionId"] = session.Value, ["RunId"] = fence.RunId.ToString() });
        try
        {
            waits = await RunInTurnAsync(session, fence, active, made);
        }
        catch (OperationCanceledException) when (active.Over.IsCancellationRequested)
        {
            // The process ends, or the run is no longer its own: whoever takes it goes on.
            lost = !_shutdown.IsCancellationRequested;
        }
        catch (RunLostException e)
        {
            logger.RunLost(e, fence.RunId);
            lost = true;
        }
        catch (RunNotLoadableException e)
        {
            await FailAsync(session, fence, active, e.Code, e.Message);
        }
        catch (Exception e)
        {
            logger.RunBroke(e, fence.RunId);
            await FailAsync(session, fence, active, "internal", "The run broke inside AgentLab. The server's log has the details under this run's id.");
        }
        finally
        {
            _active.TryRemove(fence.RunId, out _);
            var stopped = active.End();
            active.Ended.TrySetResult();
            active.Dispose();
            if (waits && stopped)
            {
                // The stop came when the loop had paused already: another one writes the end.
                Start(session, fence);
            }
        }

        if (lost)
        {
            // The run was taken from a process that lives: it has not ended it.
            await TryClearRecoveriesAsync(() => directory.ClearRecoveriesAsync(fence.RunId, _shutdown.Token));
        }

        if (lost && lease.Broken)
        {
            await ClaimAsync(session, fence);
        }
        else if (waits && registry.Shared)
        {
            await EndStoppedAsync(session, fence);
        }
    }

    private async Task TryClearRecoveriesAsync(Func<ValueTask> clear)
    {
        try
        {
            await clear();
        }
        catch (Exception e)
        {
            // Then they count as if the process had been ended, which takes more than one to matter.
            logger.RecoveriesNotCleared(e);
        }
    }

    /// <summary>
    /// A stop that was asked for at another node stands in the log, and may have come before the pause although nobody has told this process of it yet: then another loop writes the end.
    /// </summary>
    private async Task EndStoppedAsync(SessionId session, RunFence fence)
    {
        try
        {
            if (await directory.FindAsync(fence.RunId, _shutdown.Token) is { Waiting: true, StopRequested: true } owned && owned.Fence == fence.Number)
            {
                Start(session, fence);
            }
        }
        catch (OperationCanceledException) when (_shutdown.IsCancellationRequested)
        {
            // The process ends: whoever looks at stopped runs next ends it.
        }
        catch (Exception e)
        {
            logger.RunBroke(e, fence.RunId);
        }
    }

    /// <summary>
    /// A run that was recorded between two terms of the lease may carry the new id although its loop was bound to the old one: it is this process's after all, and goes on from its log.
    /// </summary>
    private async Task ClaimAsync(SessionId session, RunFence fence)
    {
        while (!await TryClaimAsync(session, fence))
        {
            await Task.Delay(UntilStore, time, _shutdown.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>False when the store did not say whose the run is.</summary>
    private async Task<bool> TryClaimAsync(SessionId session, RunFence fence)
    {
        try
        {
            // Between two terms the id is the next one's, which has not begun: what is started now would be cut off at once.
            while (lease.Current.Lost.IsCancellationRequested)
            {
                await Task.Delay(UntilTerm, time, _shutdown.Token);
            }

            if (await directory.FindAsync(fence.RunId, _shutdown.Token) is { Waiting: false } owned && owned.Fence == fence.Number && owned.Node == lease.NodeId)
            {
                Start(session, fence);
            }

            return true;
        }
        catch (OperationCanceledException) when (_shutdown.IsCancellationRequested)
        {
            // The process ends.
            return true;
        }
        catch (Exception e)
        {
            logger.RunBroke(e, fence.RunId);
            return _shutdown.IsCancellationRequested;
        }
    }

    /// <summary>Runs the loop when it is its turn; true when it left the run waiting.</summary>
    private async Task<bool> RunInTurnAsync(SessionId session, RunFence fence, ActiveRun active, IRunLoop? made)
    {
        try
        {
            await _slots.WaitAsync(active.Over);
        }
        catch
        {
            made?.Dispose();
            throw;
        }

        try
        {
            using var loop = made ?? await LoadAsync(session, fence, active);
            return await loop.RunAsync(active.Stop.Token, active.Over);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<IRunLoop> LoadAsync(SessionId session, RunFence fence, ActiveRun active)
    {
        var summary = await reader.FindAsync(session, active.Over) ?? throw new RunNotLoadableException("session_missing", "The run's session is gone.");
        var kind = kinds.FirstOrDefault(k => k.Fits(summary))
            ?? throw new RunNotLoadableException("kind_missing", "This process does not know how to run what the session belongs to.");
        var loop = await kind.LoadAsync(summary, fence, active.Over);
        if (lease.Broken && await directory.FindAsync(fence.RunId, active.Over) is { Waiting: false } owned && owned.Node != active.Term.Id)
        {
            // It was recorded under an id that was lost since: it is free, and this term does not stand for it.
            loop.Dispose();
            throw new RunLostException(AppendRefusal.StaleFence);
        }

        return loop;
    }

    /// <summary>Writes the run's end, as soon as the store takes it: what broke the run may be that the store is away.</summary>
    private async Task FailAsync(SessionId session, RunFence fence, ActiveRun active, string code, string message)
    {
        try
        {
            using var journal = new RunJournal(log, session, fence, new RunFold(fence.RunId), active.Term, time);
            var ends = await EndsAsync(session, fence.RunId, code, message, active.Over);
            await journal.AppendAsync([.. ends, journal.Event(new RunFailed(code, message, true, UsageTotals.Zero, 0))], [], active.Over);
        }
        catch (OperationCanceledException) when (active.Over.IsCancellationRequested)
        {
            // The process ends, or the run is no longer its own: whoever takes it finds the same fault.
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

    /// <summary>The ends of its steps; none when the log cannot be read: the run must come to its end all the same.</summary>
    private async Task<List<NewEvent>> EndsAsync(SessionId session, RunId run, string code, string message, CancellationToken cancellationToken)
    {
        try
        {
            return await MissingEnds.ReadAsync(reader, session, run, code, message, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            logger.RunBroke(e, run);
            return [];
        }
    }
}

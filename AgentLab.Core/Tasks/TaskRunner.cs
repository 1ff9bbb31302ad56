using System.Collections.Concurrent;
using AgentLab.Core.Agents.Runs.Leases;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Tasks;

/// <summary>
/// This node's part of the queue: takes what may start whenever something changed, and opens its runs; orders wake-ups for what waits for a time; and looks now and then after what
/// nobody told it of. What it does is decided by rows alone, so that nothing is lost when it ends anywhere.
/// </summary>
internal sealed partial class TaskRunner : BackgroundService
{
    private const int MostWakes = 20;

    private static readonly TimeSpan UntilLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UntilCare = TimeSpan.FromSeconds(5);

    private readonly ITaskQueue _queue;
    private readonly TaskStarter _starter;
    private readonly ITaskWakes _wakes;
    private readonly INodeLease _lease;
    private readonly ITaskSignal _signal;
    private readonly TimeProvider _time;
    private readonly ILogger<TaskRunner> _logger;
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly ConcurrentDictionary<(Guid Task, int Start), bool> _starting = new();
    private volatile bool _ordering = true;

    public TaskRunner(
        ITaskQueue queue, TaskStarter starter, ITaskWakes wakes, INodeLease lease, ITaskSignal signal, TimeProvider time, ILogger<TaskRunner> logger)
    {
        (_queue, _starter, _wakes, _lease, _signal, _time, _logger) = (queue, starter, wakes, lease, signal, time, logger);
    }

    /// <summary>Takes and starts what may start, until nothing more may. Returns how many attempts it began.</summary>
    public async Task<int> AdmitAsync(CancellationToken cancellationToken)
    {
        var begun = 0;
        while (_lease.Held && await _queue.AdmitAsync(_lease.NodeId, cancellationToken) is { Count: > 0 } taken)
        {
            begun += taken.Count;
            _signal.Changed();
            await StartAllAsync(taken, cancellationToken);
        }

        return begun;
    }

    /// <summary>Looks after attempts whose node ended before it opened their run, and after those that take too long or were to end.</summary>
    public async Task CareAsync(CancellationToken cancellationToken)
    {
        if (!_lease.Held)
        {
            return;
        }

        await StartAllAsync(await _queue.TakeAbandonedAsync(_lease.NodeId, cancellationToken), cancellationToken);
        foreach (var overdue in await _queue.TakeOverdueAsync(cancellationToken))
        {
            try
            {
                await _starter.StopAsync(overdue, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // It is asked again; the others must not wait for it.
                LogNotStopped(e, overdue.Id);
            }
        }
    }

    /// <summary>
    /// Orders wake-ups for tasks that wait for a time and have none: the row is committed first, and this closes the gap whoever died in it. A few at once, so that what may start now never
    /// waits for many that start later.
    /// </summary>
    public async Task OrderAsync(CancellationToken cancellationToken)
    {
        if (await _queue.UnorderedAsync(MostWakes, cancellationToken) is not { Count: > 0 } wakes)
        {
            return;
        }

        foreach (var wake in wakes)
        {
            await _wakes.OrderAsync(wake, cancellationToken);
        }

        await _queue.OrderedAsync(wakes, cancellationToken);
        if (wakes.Count == MostWakes)
        {
            Wake();
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        _changed.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var listening = _signal.Listen(Wake);
        var cared = long.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await AdmitAsync(stoppingToken);
                if (_ordering)
                {
                    _ordering = false;
                    await OrderAsync(stoppingToken);
                }

                if (cared == long.MinValue || _time.GetElapsedTime(cared) >= UntilCare)
                {
                    cared = _time.GetTimestamp();
                    _ordering = true;
                    await CareAsync(stoppingToken);
                    if (await _queue.AnyLaterAsync(stoppingToken))
                    {
                        await _wakes.StartAsync(stoppingToken);
                    }
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                _ordering = true;
                LogFailed(e);
            }

            await WaitAsync(stoppingToken);
        }
    }

    private async Task StartAllAsync(IReadOnlyList<LabTask> tasks, CancellationToken cancellationToken) =>
        await Task.WhenAll(tasks.Select(task => StartAsync(task, cancellationToken)));

    private async Task StartAsync(LabTask task, CancellationToken cancellationToken)
    {
        if (!_starting.TryAdd((task.Id, task.Starts), true))
        {
            // This very start is under way here.
            return;
        }

        try
        {
            await StartOnceAsync(task, cancellationToken);
        }
        finally
        {
            _starting.TryRemove((task.Id, task.Starts), out _);
        }
    }

    private async Task StartOnceAsync(LabTask task, CancellationToken cancellationToken)
    {
        var node = _lease.NodeId;
        LabError? error;
        try
        {
            error = await _starter.StartAsync(task, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotStarted(e, task.Id);
            error = new LabError("not_started", "The run could not be started. The server's log has the details under this task's id.", CanRetry: true);
        }

        if (error is not null)
        {
            await _queue.FailStartAsync(task, node, error, cancellationToken);
            _signal.Changed();
        }
    }

    private void Wake()
    {
        _ordering = true;
        try
        {
            if (_changed.CurrentCount == 0)
            {
                _changed.Release();
            }
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // A look is due already, or nobody looks any more.
        }
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var changed = _changed.WaitAsync(over.Token);
        await Task.WhenAny(changed, Task.Delay(UntilLook, _time, over.Token));
        await over.CancelAsync();
        await changed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

using AgentLab.Core.Agents.Runs.Leases;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>
/// Ends the waits whose time has come: one timer to the next of them, set anew when one is recorded. What fell due while no process ran is caught up with at start. Of several nodes each
/// keeps the time of all waits, since the one that recorded a wait may be gone when it is over.
/// </summary>
internal sealed class WaitClock(
    IRunWaits waits, RunWaker waker, WaitSignal signal, INodeRegistry registry, TimeProvider time, ILogger<WaitClock> logger) : BackgroundService
{
    private const int AtOnce = 100;
    private const int Tries = 3;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestAlone = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestAmongOthers = TimeSpan.FromSeconds(2);

    /// <summary>Nobody tells of the waits that other nodes record.</summary>
    private TimeSpan Longest => registry.Shared ? LongestAmongOthers : LongestAlone;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = signal.Next();
            var pause = Soon;
            try
            {
                pause = await EndDueAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.ClockFailed(e);
            }

            using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(next, Task.Delay(pause, time, over.Token));
            await over.CancelAsync();
        }
    }

    /// <summary>Ends what is due; says how long nothing else is.</summary>
    private async Task<TimeSpan> EndDueAsync(CancellationToken cancellationToken)
    {
        var due = await waits.DueAsync(time.GetUtcNow(), AtOnce, cancellationToken);
        var ended = 0;
        foreach (var wait in due)
        {
            var end = new WakeEnd(WakeEnd.Due, wait.ApprovalId, null, default);
            ended += await waker.WakeAsync(wait, end, token => AgainAsync(wait, token), Tries, cancellationToken) == WakeAnswer.Closed ? 0 : 1;
        }

        if (due.Count == AtOnce && ended > 0)
        {
            return TimeSpan.Zero;
        }

        if (await waits.NextDueAsync(cancellationToken) is not { } next)
        {
            return Longest;
        }

        var pause = next - time.GetUtcNow();
        return pause < Longest ? pause > TimeSpan.Zero ? pause : due.Count > 0 ? Soon : TimeSpan.Zero : Longest;
    }

    private async ValueTask<RunWait?> AgainAsync(RunWait wait, CancellationToken cancellationToken) =>
        (await waits.OfRunAsync(wait.RunId, cancellationToken)).FirstOrDefault(w => w.Sequence == wait.Sequence);
}

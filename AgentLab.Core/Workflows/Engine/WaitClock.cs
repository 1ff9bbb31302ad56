using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Ends the waits whose time has come: one timer to the next of them, set anew when one is recorded. What fell due while no process ran is caught up with at start.</summary>
internal sealed class WaitClock(IRunWaits waits, RunWaker waker, WaitSignal signal, TimeProvider time, ILogger<WaitClock> logger) : BackgroundService
{
    private const int AtOnce = 100;
    private const int Tries = 3;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

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
        foreach (var wait in due)
        {
            await waker.WakeAsync(wait, new WakeEnd(WakeEnd.Due, wait.ApprovalId, null, default), token => AgainAsync(wait, token), Tries, cancellationToken);
        }

        if (due.Count == AtOnce)
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

using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>
/// Ends a wait, once: a run that goes on in this process is told and records it itself; one that is parked is woken by one append under its fence, which whoever comes second
/// finds raised; one that goes on elsewhere is sent a letter.
/// </summary>
internal sealed class RunWaker(
    LiveRuns live, IRunDirectory directory, IRunSupervisor supervisor, ISessionLog log, ISessionReader reader, RemoteWaker remote, NodeIdentity node, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Ends the wait.</summary>
    /// <param name="wait">The wait, as its row had it.</param>
    /// <param name="end">What ends it.</param>
    /// <param name="again">Reads the row again: null when the wait is over.</param>
    /// <param name="tries">How often a run that is just being loaded or parked is looked for, 50 ms apart.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether this ended it, or it was over already, or (closed) nobody could be reached who had the run: then trying again can help.</returns>
    public async Task<WakeAnswer> WakeAsync(RunWait wait, WakeEnd end, Func<CancellationToken, ValueTask<RunWait?>> again, int tries, CancellationToken cancellationToken)
    {
        for (var i = 0; i < tries; i++)
        {
            if (live.Find(wait.RunId) is { } run)
            {
                switch (await TellAsync(run, wait, end, cancellationToken))
                {
                    case WakeAnswer.Taken:
                        return WakeAnswer.Taken;
                    case WakeAnswer.NotWaiting when await again(cancellationToken) is null:
                        return WakeAnswer.NotWaiting;
                }
            }
            else
            {
                // The fence first, then the row: if the row still stands, nobody has woken the run since the fence was read.
                if (await directory.FindAsync(wait.RunId, cancellationToken) is not { } owned || await again(cancellationToken) is null)
                {
                    return WakeAnswer.NotWaiting;
                }

                if (owned.Waiting && await WakeParkedAsync(wait, end, owned, cancellationToken))
                {
                    return WakeAnswer.Taken;
                }

                if (remote.IsElsewhere(owned) && await remote.SendAsync(wait, end, cancellationToken) is { } answer)
                {
                    return answer;
                }
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        return WakeAnswer.Closed;
    }

    /// <summary>What whoever wanted to end a wait is told when the run could not be reached.</summary>
    public static LabError Unreachable() => new("unavailable", "The run could not be reached just now; nothing was recorded. Try again in a moment.", CanRetry: true);

    private static async Task<WakeAnswer> TellAsync(ILiveRun run, RunWait wait, WakeEnd end, CancellationToken cancellationToken)
    {
        if (wait.Kind == RunWait.Retry)
        {
            return run.Post(Letter.Look.Again) ? WakeAnswer.Taken : WakeAnswer.Closed;
        }

        var answer = new TaskCompletionSource<WakeAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        return run.Post(new Letter.Wake(wait.StepId, end, answer)) ? await answer.Task.WaitAsync(cancellationToken) : WakeAnswer.Closed;
    }

    private async Task<bool> WakeParkedAsync(RunWait wait, WakeEnd end, OwnedRun owned, CancellationToken cancellationToken)
    {
        var blobs = new List<Blob>();
        var fence = new RunFence(wait.RunId, owned.Fence + 1);
        List<NewEvent> events = [new NewEvent(new RunResumed(RunReasons.Woken, node.Id, fence.Number), wait.RunId)];
        if (wait.Kind != RunWait.Retry)
        {
            events.Add(new NewEvent(end.ToEvent(blobs), wait.RunId, wait.StepId, await AttemptAsync(wait, cancellationToken)));
        }

        var append = new SessionAppend(wait.SessionId, events) { Fence = new RunFence(wait.RunId, owned.Fence), Blobs = blobs };
        if (!(await log.AppendAsync(append, cancellationToken)).Landed)
        {
            return false;
        }

        supervisor.Start(wait.SessionId, fence);
        return true;
    }

    /// <summary>The attempt that waits: that of the event which began the wait.</summary>
    private async ValueTask<int> AttemptAsync(RunWait wait, CancellationToken cancellationToken) =>
        await reader.ReadAsync(wait.SessionId, wait.Sequence - 1, wait.Sequence, 1, null, descending: false, cancellationToken) is [var began] ? began.Attempt : 1;
}

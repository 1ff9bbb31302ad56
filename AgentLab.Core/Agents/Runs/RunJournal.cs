using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Agents.Runs;

/// <summary>
/// Writes one run's events under its fencing number and folds them at once (where a fold is given), so that the state in memory is what the log says. Appends of one run are made
/// one after the other, whoever of its steps asks. While the store is away it waits: nothing goes on that is not recorded.
/// </summary>
internal sealed class RunJournal(ISessionLog log, SessionId session, RunFence fence, RunFold? fold, LeaseTerm term, TimeProvider time) : StepJournal
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <inheritdoc />
    public override RunId Run => fence.RunId;

    /// <inheritdoc />
    public override async Task<long> AppendAsync(IReadOnlyList<NewEvent> events, IReadOnlyList<Blob> blobs, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var append = new SessionAppend(session, events) { Fence = fence, Blobs = blobs };
            var outcome = await AppendPatientlyAsync(append, cancellationToken);
            if (!outcome.Landed)
            {
                throw new RunLostException(outcome.Refusal.Value);
            }

            Fold(events, outcome.Receipt.First);
            return outcome.Receipt.First;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc />
    public override ValueTask HoldAsync(CancellationToken cancellationToken) => term.HoldAsync(cancellationToken);

    /// <inheritdoc />
    public override void Dispose() => _turn.Dispose();

    private async Task<AppendOutcome> AppendPatientlyAsync(SessionAppend append, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await log.AppendAsync(append, cancellationToken);
            }
            catch (SessionLogUnavailableException) when (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    private void Fold(IReadOnlyList<NewEvent> events, long first)
    {
        for (var i = 0; i < events.Count; i++)
        {
            var e = events[i];
            if (fold is not null && e.Data is not ModelDelta)
            {
                fold.Apply(new SessionEvent(first + i, e.RunId, e.StepId, e.Attempt, string.Empty, 1, time.GetUtcNow(), default, e.Data));
            }
        }
    }
}

/// <summary>This process no longer owns the run.</summary>
internal sealed class RunLostException(AppendRefusal refusal) : Exception($"The run is no longer this process's: {refusal}.");

using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Core.Approvals;

/// <summary>
/// How decisions reach an agent's run that goes on in this process: each is recorded under the run's fence, one after the other, as long as the run has neither paused nor ended. Who comes
/// later finds it closed and looks into the log.
/// </summary>
internal sealed class LiveDecisions(StepJournal journal, RunFold fold, SessionGrants grants) : ILiveRun, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _over = new();
    private volatile bool _closed;

    /// <inheritdoc />
    public bool Post(Letter letter)
    {
        if (_closed)
        {
            return false;
        }

        if (letter is Letter.Wake wake)
        {
            _ = TakeAsync(wake);
        }

        return true;
    }

    /// <summary>Records a decision; false when the step does not wait for it, or the run has paused or ended.</summary>
    public async Task<bool> RecordAsync(string stepId, ApprovalDecided decided, CancellationToken cancellationToken) =>
        await RecordAsync(stepId, decided, [], cancellationToken) == WakeAnswer.Taken;

    /// <summary>Records the pause, unless a decision has come meanwhile that a step can go on with. After it nothing is taken any more.</summary>
    /// <returns>Whether the run has paused.</returns>
    public async Task<bool> TryPauseAsync(RunPaused pause, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (fold.HasDecision)
            {
                return false;
            }

            await journal.AppendAsync([journal.Event(pause)], [], cancellationToken);
            _closed = true;
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes no more decisions; completes when the one that is being recorded is.</summary>
    public async Task CloseAsync()
    {
        await _turn.WaitAsync(CancellationToken.None);
        _closed = true;
        _turn.Release();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _closed = true;
        _over.Cancel();
        _over.Dispose();
    }

    private async Task TakeAsync(Letter.Wake wake)
    {
        try
        {
            var blobs = new List<Sessions.Blob>();
            var answer = wake.End.ToEvent(blobs) is ApprovalDecided decided ? await RecordAsync(wake.StepId, decided, blobs, _over.Token) : WakeAnswer.NotWaiting;
            wake.Answer.TrySetResult(answer);
        }
        catch (Exception e) when (e is OperationCanceledException or RunLostException or ObjectDisposedException)
        {
            // The loop finds the same and ends; whoever asked looks into the log.
            wake.Answer.TrySetResult(WakeAnswer.Closed);
        }
        catch (Exception e)
        {
            wake.Answer.TrySetException(e);
        }
    }

    private async Task<WakeAnswer> RecordAsync(string stepId, ApprovalDecided decided, IReadOnlyList<Sessions.Blob> blobs, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_closed)
            {
                return WakeAnswer.Closed;
            }

            if (fold.Step(stepId) is not { Ended: false, Decision: null, Approval: { } asked } step || asked.ApprovalId != decided.ApprovalId)
            {
                return WakeAnswer.NotWaiting;
            }

            await journal.AppendAsync([journal.Event(decided, stepId, step.Attempt)], blobs, cancellationToken);
            grants.Apply(decided);
            return WakeAnswer.Taken;
        }
        finally
        {
            _turn.Release();
        }
    }
}

using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine.State;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Rebuilds a run's state from its events, in order. Nothing is executed: what follows from inside (loops, other workflows) is computed again.</summary>
internal sealed class WorkflowFold(WorkflowState state, InnerWorkflows inner, Evaluation evaluation, UsageMeter meter, ISessionReader reader, SessionId session)
{
    private readonly List<string> _warned = [];
    private DateTimeOffset _since;
    private DateTimeOffset _last;

    /// <summary>How long the run had been going on, waits and times without a process left out.</summary>
    public TimeSpan Active { get; private set; }

    /// <summary>Whether the run's end is recorded.</summary>
    public bool Ended { get; private set; }

    /// <summary>Whether a person asked it to stop.</summary>
    public bool StopRequested { get; private set; }

    /// <summary>The bounds of which a warning was given.</summary>
    public IReadOnlyCollection<string> Warned => _warned;

    /// <summary>The step that a person is asked about.</summary>
    public Slot? Asked { get; private set; }

    /// <summary>The run was started.</summary>
    public void Start(DateTimeOffset at) => (_since, _last) = (at, at);

    /// <summary>Takes in one event of the run.</summary>
    public async ValueTask ApplyAsync(SessionEvent e, CancellationToken cancellationToken)
    {
        if (e.StepId is { } stepId)
        {
            var slot = StepAddress.Find(state.Root, stepId, out var inside);
            if (slot is not null && !slot.Ended)
            {
                await ApplyStepAsync(slot, inside, e, cancellationToken);
            }
            else
            {
                meter.Count(e.Data);
            }
        }
        else
        {
            ApplyRun(e);
        }

        _last = e.At;
    }

    /// <summary>The last event was taken in.</summary>
    public void Finish() => Active += _last - _since;

    private void ApplyRun(SessionEvent e)
    {
        switch (e.Data)
        {
            case RunStopRequested:
                StopRequested = true;
                break;
            case RunResumed resumed:
                Active += _last - _since;
                _since = e.At;
                Decide(resumed.Reason);
                break;
            case BudgetWarned warned:
                _warned.Add(warned.Limit);
                break;
            case BudgetExceeded exceeded:
                state.Halt(RunLimiter.Error(exceeded));
                break;
            case RunCompleted or RunFailed or RunCancelled:
                Ended = true;
                break;
        }
    }

    private void Decide(string reason)
    {
        if (Asked is { Busy: true } slot && reason is RunReasons.Repeat or RunReasons.GoOn)
        {
            Asked!.Decision = reason == RunReasons.Repeat ? OutcomeDecision.Repeat : OutcomeDecision.GoOn;
            Asked = null;
        }
    }

    private async ValueTask ApplyStepAsync(Slot slot, bool inside, SessionEvent e, CancellationToken cancellationToken)
    {
        switch (e.Data)
        {
            case NodeStarted started when !inside:
                await StartAsync(slot, started, e.Attempt, cancellationToken);
                break;
            case NodeCompleted completed when !inside:
                state.Completed(slot, completed.Port, await JsonContents.ReadAsync(completed.Output, reader, session, cancellationToken));
                break;
            case NodeFailed { RetryMs: { } pause } failed when !inside:
                state.Pauses(slot, failed.Code, e.At.AddMilliseconds(pause));
                slot.LongPause = pause >= RunWait.LongPauseMs;
                break;
            case NodeFailed failed when !inside:
                state.Failed(slot, new NodeError(failed.Code, failed.Message, slot.StepId), failed.GoesOn);
                break;
            case NodeWaiting waiting:
                state.Waits(slot, waiting);
                break;
            case NodeResumed or ApprovalDecided:
                state.Resumed(slot, (await WakeEnd.ReadAsync(e.Data, reader, session, cancellationToken))!);
                break;
            case RunOutcomeUnknown unknown:
                slot.Unknown = new Nodes.NodeResult.OutcomeUnknown(unknown.Tool, unknown.Question, unknown.CallId.Length > 0 ? unknown.CallId : null);
                Asked = slot;
                break;
            case ApprovalRequested:
                break;
            default:
                meter.Count(e.Data);
                slot.Keep(e);
                break;
        }
    }

    private async ValueTask StartAsync(Slot slot, NodeStarted started, int attempt, CancellationToken cancellationToken)
    {
        if (Asked == slot)
        {
            Asked = null;
        }

        var workflow = started.Workflow is { } reference ? await inner.LoadAsync(reference, evaluation.KeptSettings(slot), cancellationToken) : null;
        state.Started(slot, attempt, started.RepeatSafe);
        if (workflow is not null)
        {
            state.Entered(slot, workflow, started.Workflow!, InnerWorkflows.TriggerOf(workflow)!, evaluation.InnerInput(slot));
        }
    }
}

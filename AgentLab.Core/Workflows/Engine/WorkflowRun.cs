using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine.State;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>
/// The loop of one workflow run. Round and round: take in what came back, record it together with the starts that follow from it in one append, and only when that is durable run
/// what was started. It decides by the state alone, which the log makes, so that it goes on after a crash as if nothing had been.
/// </summary>
internal sealed class WorkflowRun : IRunLoop, ILiveRun
{
    private readonly WorkflowParts _parts;
    private readonly WorkflowState _state;
    private readonly Transition _transition;
    private readonly Recorder _recorder;
    private readonly Starter _starter;
    private readonly NodeTasks _tasks;
    private readonly Mailbox _mailbox;
    private readonly RunLimiter _limiter;
    private readonly CancellationTokenSource _cancelled = new();
    private readonly Queue<Letter.Ended> _results = new();
    private readonly RunClock _clock;
    private readonly OpenSteps _open;
    private bool _stopping;
    private bool _over;

    public WorkflowRun(WorkflowParts parts)
    {
        (_parts, _state, _mailbox, _clock, _stopping) = (parts, parts.State, parts.Mailbox, parts.Clock, parts.StopRequested);
        _transition = new Transition(parts.Run.RunId);
        _recorder = new Recorder(_state, _transition, parts.Time);
        _starter = new Starter(_state, parts.Evaluation, _recorder, _transition, parts.Inner, parts.Run.DryRun) { Selection = parts.Selection };
        _open = new OpenSteps(_state, _recorder, _transition);
        _tasks = new NodeTasks(parts.Evaluation, _mailbox, parts.Journal.HoldAsync, parts.Time, parts.Logger);
        _limiter = new RunLimiter(_state, _transition, parts.Meter, _clock, parts.Limits, parts.Warned);
    }

    /// <summary>Where those who wait for the run look.</summary>
    public RunWatch Watch { get; } = new();

    /// <summary>Plans the first transition of a run that is not in the log yet: what goes into the append that makes its session.</summary>
    public async ValueTask<(List<NewEvent> Events, List<Blob> Blobs)> BeginAsync(CancellationToken cancellationToken)
    {
        await PlanAsync(cancellationToken);
        return _transition.Take();
    }

    /// <summary>That append is in the log.</summary>
    public void Begun() => Tell();

    /// <summary>Leaves a letter for the loop; false when it is over.</summary>
    public bool Post(Letter letter) => _mailbox.Post(letter);

    /// <inheritdoc />
    public async Task<bool> RunAsync(CancellationToken stop, CancellationToken shutdown)
    {
        using var stopped = stop.UnsafeRegister(static mailbox => ((Mailbox)mailbox!).Post(Letter.Look.Again), _mailbox);
        try
        {
            if (_parts.Recovered)
            {
                _open.Adopt();
            }

            while (true)
            {
                _stopping |= stop.IsCancellationRequested;
                await PlanAsync(shutdown);
                await CommitAsync(shutdown);
                if (_over)
                {
                    return false;
                }

                if (Launch())
                {
                    continue;
                }

                if (_tasks.Count == 0 && _open.CanPark && _mailbox.TryClose())
                {
                    await ParkAsync(shutdown);
                    return true;
                }

                _clock.Arm(_open.NextRetry, _limiter.Deadline);
                await _mailbox.WaitAsync(shutdown);
            }
        }
        finally
        {
            _parts.Live.Remove(_parts.Run.RunId, this);
            _mailbox.Close();
            _transition.Answers.ForEach(answer => answer.TrySetResult(WakeAnswer.Closed));
            _tasks.Dispose();
            _clock.Dispose();
            Watch.Close();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _parts.Live.Remove(_parts.Run.RunId, this);
        _parts.Journal.Dispose();
        _cancelled.Dispose();
    }

    /// <summary>Everything that follows from what is known now, up to what must run to know more.</summary>
    private async ValueTask PlanAsync(CancellationToken cancellationToken)
    {
        TakeLetters();
        _limiter.Check();
        if (_stopping)
        {
            _state.Halt(new NodeError(RunReasons.StopRequested, "Stopped by a person."));
        }

        do
        {
            Record();
            CancelHalted();
            await StartReadyAsync(cancellationToken);
        }
        while (_results.Count > 0 || _state.HasOutcomes || _state.Halting);

        if (_state.Finished && !_over)
        {
            End();
        }
    }

    private void TakeLetters()
    {
        while (_mailbox.Take() is { } letter)
        {
            switch (letter)
            {
                case Letter.Ended ended:
                    _tasks.Returned(ended.Slot);
                    _results.Enqueue(ended);
                    break;
                case Letter.Wake wake:
                    Wake(wake);
                    break;
                case Letter.Lost lost:
                    throw lost.Error;
            }
        }
    }

    private void Wake(Letter.Wake wake)
    {
        if (StepAddress.Find(_state.Root, wake.StepId, out _) is not { Status: SlotStatus.Waiting, Wait: { } wait } slot || wait.ApprovalId != wake.End.ApprovalId || slot.Frame.Halted)
        {
            wake.Answer.TrySetResult(WakeAnswer.NotWaiting);
            return;
        }

        _transition.Add(wake.End.ToEvent(_transition.Blobs), slot, slot.Attempt);
        _transition.Answers.Add(wake.Answer);
        _state.Resumed(slot, wake.End.ToWaitEnd());
        _transition.Launches.Enqueue(slot);
    }

    private void Record()
    {
        while (_results.TryDequeue(out var ended))
        {
            if (ended.Slot.Status == SlotStatus.Started && ended.Slot.Attempt == ended.Attempt)
            {
                _recorder.Result(ended.Slot, ended.Result, ended.DurationMs, _parts.Run.DryRun);
                _open.Note(ended.Slot);
            }
        }

        while (_state.TakeOutcome() is { } slot)
        {
            _recorder.Result(slot, slot.Outcome!, 0);
        }
    }

    /// <summary>What is inside something that failed or was stopped: tasks are told, and what only waits gets its end.</summary>
    private void CancelHalted()
    {
        if (!_state.Halting)
        {
            return;
        }

        _state.Halting = false;
        foreach (var slot in _state.BusySlots())
        {
            if (slot.Frame.Halted && slot is { Busy: true, Loop: null, Inner: null, Outcome: null } && !_tasks.Cancel(slot))
            {
                _recorder.Cancel(slot, "It was under way when its run or its iteration ended.");
            }
        }
    }

    private async ValueTask StartReadyAsync(CancellationToken cancellationToken)
    {
        while (HasPlace() && _open.TakeAgain(_clock.Now) is var (again, reason))
        {
            await _starter.StartAsync(again, reason, cancellationToken);
        }

        while (_state.PeekReady() is { } slot)
        {
            if (_starter.TryPassBy(slot))
            {
                continue;
            }

            if (_limiter.StepsReached() || (!slot.Node.IsContainer && !HasPlace()))
            {
                return;
            }

            await _starter.StartAsync(slot, null, cancellationToken);
        }
    }

    private bool HasPlace() => _tasks.Count + _transition.Launches.Count < _parts.Limits.Parallel;

    private async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_transition.IsEmpty)
        {
            return;
        }

        var (events, blobs) = _transition.Take();
        await _parts.Journal.AppendAsync(events, blobs, cancellationToken);
        foreach (var answer in _transition.Answers)
        {
            answer.TrySetResult(WakeAnswer.Taken);
        }

        _transition.Answers.Clear();
        if (_recorder.TakeTimed())
        {
            _parts.Signal.Set();
        }

        Tell();
    }

    /// <summary>Runs what was started; true when results are there at once.</summary>
    private bool Launch()
    {
        while (_transition.Launches.TryDequeue(out var slot))
        {
            if (slot.Status == SlotStatus.Started && _tasks.Launch(slot, _cancelled.Token) is { } ended)
            {
                _results.Enqueue(ended);
            }
        }

        return _results.Count > 0;
    }

    /// <summary>Nothing can go on by itself: the run is left to the log, and whoever ends a wait starts it again.</summary>
    private async Task ParkAsync(CancellationToken cancellationToken)
    {
        if (_open.Question is { Unknown: { } unknown } slot)
        {
            if (_parts.Asked != slot)
            {
                _transition.Add(new RunOutcomeUnknown(unknown.What, unknown.CallId ?? string.Empty, unknown.Question), slot, slot.Attempt);
            }

            _transition.Add(new RunPaused(RunReasons.OutcomeUnknown, unknown.Question));
        }
        else
        {
            _transition.Add(new RunPaused(RunReasons.Waiting, "The run waits, and goes on by itself when what it waits for has come."));
        }

        await CommitAsync(cancellationToken);
    }

    private void End()
    {
        _over = true;
        var (usage, duration) = (_parts.Meter.Total, _clock.TotalMs(_parts.Run.StartedAt));
        if (_stopping && _state.Failure is { Code: RunReasons.StopRequested })
        {
            _transition.Add(new RunCancelled(RunReasons.StopRequested, usage, duration));
        }
        else if (_state.Failure is { } error)
        {
            _transition.Add(new RunFailed(error.Code, error.Message, error.CanRetry, usage, duration));
        }
        else
        {
            Complete(usage, duration);
        }
    }

    private void Complete(UsageTotals usage, long duration)
    {
        try
        {
            var output = _parts.Evaluation.Output(_state.Root);
            var answer = _state.Root.Answer is { } slot ? RespondValue.Read(slot.Value) : null;
            var head = answer is null ? null : new AnswerHead(answer.Status, answer.Headers);
            _transition.Add(new RunCompleted(_state.Steps, usage, duration, JsonContents.Of(output, _transition.Blobs), head));
            (Watch.Output, Watch.EndedAt) = (output, _clock.Now);
        }
        catch (ExpressionException e)
        {
            _transition.Add(new RunFailed(e.Code, $"The output of the workflow: {e.Message}", false, usage, duration));
        }
    }

    /// <summary>Tells those who wait for an answer, once it is durable.</summary>
    private void Tell()
    {
        if (!Watch.HasAnswer && (_over || _state.Root.Answer is not null))
        {
            Watch.Answer = _state.Root.Answer is { } slot ? RespondValue.Read(slot.Value) : null;
            Watch.Tell();
        }
    }
}

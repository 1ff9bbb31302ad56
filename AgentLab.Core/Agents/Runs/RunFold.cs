using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Agents.Runs;

/// <summary>
/// The state of one run, folded from its events and nothing else: what a process that starts, or starts again, needs to know to go on. Deltas play no part.
/// </summary>
public sealed class RunFold(RunId run)
{
    // Steps that run side by side look at the fold while another's events are taken in.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, StepFold> _steps = new(StringComparer.Ordinal);
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private DateTimeOffset? _pausedAt;

    /// <summary>The run.</summary>
    public RunId Run => run;

    /// <summary>How it was started; null before <c>run.started</c>.</summary>
    public RunStarted? Started { get; private set; }

    /// <summary>When it was started.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>True after <c>run.completed</c>, <c>run.failed</c> or <c>run.cancelled</c>.</summary>
    public bool Ended { get; private set; }

    /// <summary>True once a person asked it to stop.</summary>
    public bool StopRequested { get; private set; }

    /// <summary>True while it waits for a person.</summary>
    public bool Paused { get; private set; }

    /// <summary>How long it waited for people: that counts towards no limit.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>Whether a step that waited for a person has its answer and has not gone on yet.</summary>
    public bool HasDecision
    {
        get
        {
            lock (_lock)
            {
                return _steps.Values.Any(step => step is { Ended: false, Decision: not null, Request: null });
            }
        }
    }

    /// <summary>The step whose outcome a person must tell or has just told, with the answer; cleared when the step goes on.</summary>
    public (string StepId, OutcomeDecision? Decision)? Question { get; private set; }

    /// <summary>What its model calls used.</summary>
    public UsageTotals Usage { get; private set; } = UsageTotals.Zero;

    /// <summary>How many steps began, each once whatever its attempts.</summary>
    public int Steps => _steps.Count;

    /// <summary>How many model steps have a recorded answer.</summary>
    public int ModelAnswers { get; private set; }

    /// <summary>The newest model answer of this run.</summary>
    public ModelCompleted? LastAnswer { get; private set; }

    /// <summary>The step as the log has it; null when it never began.</summary>
    public StepFold? Step(string stepId)
    {
        lock (_lock)
        {
            return _steps.GetValueOrDefault(stepId);
        }
    }

    /// <summary>The steps that began and have no recorded end.</summary>
    public IReadOnlyList<(string StepId, int Attempt)> OpenSteps() => [.. _steps.Where(s => !s.Value.Ended).Select(s => (s.Key, s.Value.Attempt))];

    /// <summary>Whether the warning for this limit was given.</summary>
    public bool Warned(string limit) => _warned.Contains(limit);

    /// <summary>Takes in one event, in order. Events of other runs are ignored.</summary>
    public void Apply(SessionEvent e)
    {
        if (e.RunId != run || e.Data is not { } data)
        {
            return;
        }

        lock (_lock)
        {
            if (e.StepId is { } stepId)
            {
                ApplyStep(stepId, e, data);
            }
            else
            {
                ApplyRun(e, data);
            }
        }
    }

    private void ApplyRun(SessionEvent e, EventData data)
    {
        switch (data)
        {
            case RunStarted started:
                (Started, StartedAt) = (started, e.At);
                break;
            case RunStopRequested:
                StopRequested = true;
                break;
            case RunPaused:
                (Paused, _pausedAt) = (true, _pausedAt ?? e.At);
                break;
            case RunResumed resumed:
                Waited += _pausedAt is { } since && e.At > since ? e.At - since : TimeSpan.Zero;
                (Paused, _pausedAt) = (false, null);
                if (Question is { } question && DecisionOf(resumed.Reason) is { } decision)
                {
                    Question = (question.StepId, decision);
                }

                break;
            case BudgetWarned warned:
                _warned.Add(warned.Limit);
                break;
            case RunCompleted or RunFailed or RunCancelled:
                Ended = true;
                break;
        }
    }

    private void ApplyStep(string stepId, SessionEvent e, EventData data)
    {
        switch (data)
        {
            case StepStarted started:
                _steps[stepId] = new StepFold(started.Kind, e.Attempt);
                break;
            case StepRestarted restarted:
                Usage = Usage.Plus(restarted.Usage ?? UsageTotals.Zero);
                _steps[stepId] = _steps[stepId] with { Attempt = e.Attempt };
                Question = Question?.StepId == stepId ? null : Question;
                break;
            case StepCompleted or StepFailed or ToolCompleted or ToolFailed:
                Usage = Usage.Plus((data as StepFailed)?.Usage ?? UsageTotals.Zero);
                _steps[stepId] = _steps[stepId] with { Ended = true };
                Question = Question?.StepId == stepId ? null : Question;
                break;
            case ToolRequested requested:
                _steps[stepId] = _steps[stepId] with { Request = requested };
                break;
            case ApprovalRequested asked:
                _steps[stepId] = _steps[stepId] with { Approval = asked };
                break;
            case ApprovalDecided decided:
                _steps[stepId] = _steps[stepId] with { Decision = decided };
                break;
            case RunOutcomeUnknown:
                Question = (stepId, null);
                break;
            case ModelCompleted answer:
                Usage = Usage.Plus(answer.Usage);
                ModelAnswers++;
                LastAnswer = answer;
                break;
        }
    }

    private static OutcomeDecision? DecisionOf(string reason) => reason switch
    {
        RunReasons.Repeat => OutcomeDecision.Repeat,
        RunReasons.GoOn => OutcomeDecision.GoOn,
        _ => null,
    };
}

/// <summary>A step as the log has it.</summary>
/// <param name="Kind"><c>model</c> or <c>tool</c>.</param>
/// <param name="Attempt">The newest attempt, from 1.</param>
/// <param name="Ended">Whether its end is recorded: then it is never executed again.</param>
/// <param name="Request">What a tool is called with; null while the call has not begun.</param>
/// <param name="Approval">What a person was asked before the call.</param>
/// <param name="Decision">The person's answer; null while there is none.</param>
public sealed record StepFold(
    string Kind, int Attempt, bool Ended = false, ToolRequested? Request = null, ApprovalRequested? Approval = null, ApprovalDecided? Decision = null);

/// <summary>The stable reasons and codes that runs write.</summary>
public static class RunReasons
{
    /// <summary><c>run.resumed</c>, <c>step.restarted</c>: the process that held the run had ended.</summary>
    public const string Recovered = "recovered";

    /// <summary><c>run.resumed</c>: a person said that the step did not take effect.</summary>
    public const string Repeat = "repeat";

    /// <summary><c>run.resumed</c>: a person said to go on without the step's result.</summary>
    public const string GoOn = "go_on";

    /// <summary><c>run.paused</c>, <c>tool.failed</c>: nobody recorded how the step ended.</summary>
    public const string OutcomeUnknown = "outcome_unknown";

    /// <summary><c>run.paused</c>: steps wait for a time, a request or a person.</summary>
    public const string Waiting = "waiting";

    /// <summary><c>run.resumed</c>: what a step waited for has come.</summary>
    public const string Woken = "woken";

    /// <summary><c>run.failed</c>: its process ended again and again without the run getting any further.</summary>
    public const string SetAside = "run_set_aside";

    /// <summary><c>run.cancelled</c>, <c>step.failed</c>: a person asked to stop.</summary>
    public const string StopRequested = "stop_requested";
}

using System.Globalization;
using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Web.Shared;

namespace AgentLab.Web.Features.Lab.View;

/// <summary>
/// A conversation as a fold over a session's events. Events come in order and each once or more: one that was applied is ignored. It needs no deltas of
/// calls that are complete, and types that it does not know change nothing.
/// </summary>
public sealed class ConversationView
{
    private readonly List<Turn> _turns = [];
    private readonly List<(long From, long By)> _replacements = [];
    private long _applied;

    /// <summary>The turns that are loaded, oldest first.</summary>
    public IReadOnlyList<Turn> Turns => _turns;

    /// <summary>The newest run; null when none is loaded.</summary>
    public RunTurn? LastRun => _turns.OfType<RunTurn>().LastOrDefault();

    /// <summary>The run that is going on or waits for a person.</summary>
    public RunTurn? ActiveRun => LastRun is { Ended: false } run ? run : null;

    /// <summary>The newest message of a person that still counts.</summary>
    public MessageTurn? LastMessage => _turns.OfType<MessageTurn>().LastOrDefault(turn => !turn.Replaced);

    /// <summary>Takes the next events.</summary>
    public void Apply(IEnumerable<SessionEvent> events)
    {
        foreach (var e in events)
        {
            if (e.Sequence > _applied)
            {
                _applied = e.Sequence;
                Apply(e);
            }
        }
    }

    /// <summary>Puts older events before what is loaded.</summary>
    public void Prepend(IReadOnlyList<SessionEvent> older)
    {
        var before = new ConversationView();
        before.Apply(older);
        if (before.LastRun is { } head && _turns.FirstOrDefault() is RunTurn { Partial: true } tail && head.RunId == tail.RunId)
        {
            Join(head, tail);
            before._turns.Remove(head);
        }

        _turns.InsertRange(0, before._turns);
        _replacements.AddRange(before._replacements);
        foreach (var (from, by) in _replacements)
        {
            Replace(from, by);
        }
    }

    /// <summary>Forgets all but the newest turns; returns whether any was dropped.</summary>
    public bool KeepNewest(int count)
    {
        if (_turns.Count <= count)
        {
            return false;
        }

        _turns.RemoveRange(0, _turns.Count - count);
        return true;
    }

    private void Apply(SessionEvent e)
    {
        switch (e.Data)
        {
            case MessageUser message:
                AddMessage(e, message);
                break;
            case RunStarted started:
                StartRun(e, started);
                break;
            case SessionCreated or null:
                break;
            case var data when e.RunId is not null:
                var run = RunOf(e);
                if (!ToolQuestions.Apply(run, e, data) && !WorkflowTurns.Apply(run, e, data))
                {
                    ApplyToRun(run, e, data);
                }

                run.Touch();
                break;
        }
    }

    private void AddMessage(SessionEvent e, MessageUser message)
    {
        if (message.Replaces is { } from)
        {
            _replacements.Add((from, e.Sequence));
            Replace(from, e.Sequence);
        }

        _turns.Add(new MessageTurn(e.Sequence, e.At, message));
    }

    private void StartRun(SessionEvent e, RunStarted started)
    {
        if (started.Trigger == "retry" && LastMessage is { } message)
        {
            foreach (var answer in _turns.OfType<RunTurn>().Where(turn => turn.Sequence > message.Sequence && !turn.Replaced))
            {
                answer.Replaced = true;
                answer.Touch();
            }
        }

        _turns.Add(new RunTurn(e.Sequence, e.At, e.RunId) { IsWorkflow = started.Workflow is not null });
    }

    private void Replace(long from, long by)
    {
        foreach (var turn in _turns.Where(turn => turn.Sequence >= from && turn.Sequence < by && !turn.Replaced))
        {
            turn.Replaced = true;
            turn.Touch();
        }
    }

    private RunTurn RunOf(SessionEvent e)
    {
        var run = _turns.OfType<RunTurn>().LastOrDefault(turn => turn.RunId == e.RunId);
        if (run is null)
        {
            run = new RunTurn(e.Sequence, e.At, e.RunId) { Partial = true };
            _turns.Add(run);
        }

        return run;
    }

    // A run whose events were read in two windows: what the later one knows of a call is newer, what the earlier one knows is its beginning.
    private static void Join(RunTurn head, RunTurn tail)
    {
        var earlier = new List<Part>();
        foreach (var part in head.Parts)
        {
            if (part is ToolPart asking)
            {
                ToolQuestions.Join(asking, tail);
            }

            if (part is ToolPart asked && tail.Tool(asked.CallId) is { } known)
            {
                (known.Arguments, known.Summary, known.Effect, known.StartedAt) = (known.Arguments ?? asked.Arguments, asked.Summary, asked.Effect, asked.StartedAt);
                known.Approval ??= asked.Approval;
            }
            else if (part is not TextPart text || (tail.Text(text.StepId) is null && !(tail.Ended && head.IsWorkflow)))
            {
                earlier.Add(part);
            }
        }

        tail.Parts.InsertRange(0, earlier);
        WorkflowTurns.Join(head, tail);
        tail.Partial = head.Partial;
        tail.Touch();
    }

    private static void ApplyToRun(RunTurn run, SessionEvent e, EventData data)
    {
        switch (data)
        {
            case StepStarted or StepRestarted or StepFailed or ModelDelta or ModelCompleted:
                ApplyStep(run, e, data);
                break;
            case ToolRequested or ToolCompleted or ToolFailed:
                ApplyTool(run, e, data);
                break;
            case ArtifactCreated artifact:
                run.Parts.Add(new ArtifactPart(artifact, e.Sequence));
                break;
            case BudgetWarned warned:
                run.Parts.Add(new NotePart(Status.NeedsPerson, $"{Share(warned.Used, warned.Allowed)} of the {warned.Limit} limit is used."));
                break;
            case BudgetExceeded exceeded:
                run.Parts.Add(new NotePart(Status.Failed, $"The {exceeded.Limit} limit of {exceeded.Allowed.ToString("#,0.######", CultureInfo.InvariantCulture)} is reached."));
                break;
            default:
                ApplyRun(run, data);
                break;
        }
    }

    private static void ApplyRun(RunTurn run, EventData data)
    {
        switch (data)
        {
            case RunStopRequested:
                run.StopRequested = true;
                break;
            case RunPaused paused:
                run.Status = Status.NeedsPerson;
                run.Question ??= paused.Message;
                run.OutcomeUnknown |= paused.Reason == "outcome_unknown";
                break;
            case RunOutcomeUnknown unknown:
                run.Question = unknown.Question;
                run.OutcomeUnknown = true;
                break;
            case RunResumed resumed:
                run.Status = Status.Running;
                run.Question = null;
                run.OutcomeUnknown = false;
                if (resumed.Reason == "recovered")
                {
                    run.Parts.Add(new NotePart(Status.Waiting, "AgentLab restarted here and went on."));
                }

                break;
            case RunCompleted completed:
                WorkflowTurns.Answer(run, completed);
                End(run, Status.Done, completed.Usage, completed.DurationMs);
                break;
            case RunCancelled cancelled:
                End(run, Status.Cancelled, cancelled.Usage, cancelled.DurationMs);
                break;
            case RunFailed failed:
                run.Failure = failed;
                End(run, Status.Failed, failed.Usage, failed.DurationMs);
                break;
        }
    }

    private static void End(RunTurn run, Status status, UsageTotals usage, long durationMs)
    {
        run.Status = status;
        run.Usage = usage;
        run.DurationMs = durationMs;
        run.Question = null;
        foreach (var text in run.Parts.OfType<TextPart>())
        {
            text.Growing = false;
        }

        foreach (var tool in run.Parts.OfType<ToolPart>().Where(tool => tool.Status is Status.Running or Status.NeedsPerson))
        {
            tool.Status = Status.Cancelled;
        }
    }

    private static void ApplyStep(RunTurn run, SessionEvent e, EventData data)
    {
        var text = e.StepId is null ? null : run.Text(e.StepId);
        switch (data)
        {
            case StepStarted { Kind: "model" } when text is null && e.StepId is not null:
                run.Parts.Add(new TextPart(e.StepId, e.Sequence));
                break;
            case StepRestarted restarted:
                text?.Restart(e.Attempt);
                if (restarted.Reason != "recovered" && restarted.Message is { } message)
                {
                    run.Parts.Insert(text is null ? run.Parts.Count : run.Parts.IndexOf(text), new NotePart(Status.NeedsPerson, $"Trying again: {message}"));
                }

                break;
            case ModelDelta delta when e.StepId is not null:
                TextOf(run, e).Append(delta.Text, e.Attempt);
                break;
            case ModelCompleted completed when e.StepId is not null:
                run.Model = completed.Model;
                TextOf(run, e).Complete(completed.Answer);
                break;
            case StepFailed when text is not null:
                text.Growing = false;
                break;
        }
    }

    private static TextPart TextOf(RunTurn run, SessionEvent e)
    {
        var text = run.Text(e.StepId!);
        if (text is null)
        {
            text = new TextPart(e.StepId!, e.Sequence);
            run.Parts.Add(text);
        }

        return text;
    }

    private static void ApplyTool(RunTurn run, SessionEvent e, EventData data)
    {
        switch (data)
        {
            case ToolRequested requested:
                var asked = ToolOf(run, requested.CallId, requested.Tool, e.Sequence);
                asked.Arguments = PrettyJson.Indent(requested.Arguments);
                asked.Summary = OneLine(requested.Arguments);
                asked.Effect = requested.Effect;
                asked.StartedAt = e.At;
                asked.Status = Status.Running;
                break;
            case ToolCompleted completed:
                var done = ToolOf(run, completed.CallId, completed.Tool, e.Sequence);
                done.Result = completed.Result;
                done.DurationMs = completed.DurationMs;
                done.Status = Status.Done;
                break;
            case ToolFailed failed:
                var wrong = ToolOf(run, failed.CallId, failed.Tool, e.Sequence);
                wrong.ErrorCode = failed.Code;
                wrong.Error = failed.Message;
                wrong.DurationMs = failed.DurationMs;
                wrong.Status = failed.Code == EventWords.Stopped || ToolQuestions.WasRefused(failed) ? Status.Cancelled : Status.Failed;
                break;
        }
    }

    private static ToolPart ToolOf(RunTurn run, string callId, string name, long sequence)
    {
        var tool = run.Tool(callId);
        if (tool is null)
        {
            tool = new ToolPart(callId, name, sequence);
            run.Parts.Add(tool);
        }

        return tool;
    }

    internal static string OneLine(JsonElement arguments) => arguments.ValueKind != JsonValueKind.Object
        ? ""
        : string.Join(", ", arguments.EnumerateObject().Select(p => p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString() : p.Value.GetRawText()));

    private static string Share(decimal used, decimal allowed) =>
        allowed <= 0 ? "All" : (used / allowed).ToString("P0", CultureInfo.InvariantCulture);
}

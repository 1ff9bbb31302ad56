using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Engine.State;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>The steps between start and end that no task works on: to be tried again, now or later, or to be decided by a person.</summary>
internal sealed class OpenSteps(WorkflowState state, Recorder recorder, Transition transition)
{
    private readonly Queue<(Slot Slot, string Reason)> _again = new();
    private readonly List<Slot> _pausing = [];
    private readonly List<Slot> _unknown = [];

    /// <summary>Whether what is left needs no process: nothing is to be tried again soon.</summary>
    public bool CanPark => _again.Count == 0 && _pausing.TrueForAll(s => s.Status != SlotStatus.Pausing || s.LongPause);

    /// <summary>When the next attempt begins.</summary>
    public DateTimeOffset? NextRetry
    {
        get
        {
            DateTimeOffset? next = null;
            foreach (var slot in _pausing)
            {
                next = slot.Status == SlotStatus.Pausing && (next is null || slot.RetryAt < next) ? slot.RetryAt : next;
            }

            return next;
        }
    }

    /// <summary>The first step that a person must decide on.</summary>
    public Slot? Question => _unknown.Find(s => s is { Busy: true, Unknown: not null });

    /// <summary>A result was recorded: the step may be tried again, or is to be decided.</summary>
    public void Note(Slot slot)
    {
        if (slot.Status == SlotStatus.Pausing)
        {
            _pausing.Add(slot);
        }
        else if (slot is { Busy: true, Unknown: not null })
        {
            _unknown.Add(slot);
        }
    }

    /// <summary>Takes over the steps that the process before this one left without an end.</summary>
    public void Adopt()
    {
        foreach (var slot in state.BusySlots())
        {
            if (slot.Status == SlotStatus.Pausing)
            {
                _pausing.Add(slot);
            }
            else if (slot is { Status: SlotStatus.Started, Loop: null, Inner: null, Outcome: null })
            {
                AdoptStarted(slot);
            }
        }
    }

    /// <summary>The next step to be tried again, and why; null when there is none yet.</summary>
    public (Slot Slot, string Reason)? TakeAgain(DateTimeOffset now)
    {
        for (var i = 0; i < _pausing.Count; i++)
        {
            var slot = _pausing[i];
            if (slot.Status != SlotStatus.Pausing || slot.RetryAt <= now)
            {
                _pausing.RemoveAt(i--);
                if (slot.Status == SlotStatus.Pausing)
                {
                    _again.Enqueue((slot, slot.RetryReason ?? RunReasons.Recovered));
                }
            }
        }

        while (_again.TryDequeue(out var next))
        {
            if (next.Slot.Busy && !next.Slot.Frame.Halted)
            {
                return next;
            }
        }

        return null;
    }

    private void AdoptStarted(Slot slot)
    {
        var inner = slot.Unknown?.CallId is not null;
        if (slot.Resumed is not null && slot.Decision is null)
        {
            transition.Launches.Enqueue(slot);
        }
        else if (slot.Decision is { } decision)
        {
            Decide(slot, decision, inner);
        }
        else if (slot.Unknown is not null)
        {
            _unknown.Add(slot);
        }
        else if (slot.RepeatSafe)
        {
            _again.Enqueue((slot, RunReasons.Recovered));
        }
        else
        {
            var name = slot.Node.Node.Name;
            slot.Unknown = new NodeResult.OutcomeUnknown(
                slot.Node.Node.Kind, $"The step {name} had begun, and the process ended before its result was recorded. Did it take effect?");
            _unknown.Add(slot);
        }
    }

    private void Decide(Slot slot, OutcomeDecision decision, bool inner)
    {
        if (decision == OutcomeDecision.Repeat || inner)
        {
            _again.Enqueue((slot, decision == OutcomeDecision.Repeat ? RunReasons.Repeat : RunReasons.GoOn));
            return;
        }

        recorder.FailForGood(slot, RunReasons.OutcomeUnknown, "Nobody recorded how this step ended. A person decided to go on without its result.", 0);
    }
}

using System.Text.Json;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine.Compiled;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Engine.State;

/// <summary>
/// The state of a workflow run as its events make it, and which nodes may start. Without any input or output: what happened is told to it, and it says what is ready. A node is
/// decided when all its inputs are; it runs if one is live, else it is dead and so is what leaves it. So each runs at most once a frame.
/// </summary>
internal sealed partial class WorkflowState(Activation root, IStateRules rules)
{
    private readonly Queue<Slot> _ready = new();
    private readonly Queue<Slot> _outcomes = new();
    private readonly Stack<Slot> _settling = new();
    private int _now;

    /// <summary>The run's own workflow.</summary>
    public Activation Root => root;

    /// <summary>Every node of the top level has ended, or nothing goes on in a run that failed.</summary>
    public bool Finished => root.Top.Ended;

    /// <summary>Why the run fails, if it does.</summary>
    public NodeError? Failure => root.Top.Failure;

    /// <summary>Node executions so far, attempts not counted.</summary>
    public int Steps { get; private set; }

    /// <summary>Something failed since this was last cleared: what stands inside it must be cancelled.</summary>
    public bool Halting { get; set; }

    /// <summary>The next node that may start; it stays first until it is taken.</summary>
    public Slot? PeekReady()
    {
        while (_ready.TryPeek(out var slot))
        {
            if (slot.Status == SlotStatus.Ready && !slot.Frame.Halted)
            {
                return slot;
            }

            _ready.Dequeue();
        }

        return null;
    }

    /// <summary>Whether a result of a loop or of another workflow may wait to be recorded.</summary>
    public bool HasOutcomes => _outcomes.Count > 0;

    /// <summary>The next result that follows from inside a loop or another workflow and is not recorded.</summary>
    public Slot? TakeOutcome()
    {
        while (_outcomes.TryDequeue(out var slot))
        {
            if (slot is { Status: SlotStatus.Started, Outcome: not null })
            {
                return slot;
            }
        }

        return null;
    }

    /// <summary>Begins the top level: the trigger is ready, other nodes that nothing enters are dead.</summary>
    public void Begin(CompiledNode trigger) => Begin(root.Top, trigger);

    /// <summary>Begins the top level of a run that executes only some nodes: the others are ready when a value stands in for them, else dead.</summary>
    public void Begin(Selection selection)
    {
        // First what has a value: a dead node before it must not decide it.
        foreach (var slot in root.Top.Slots)
        {
            slot.Forced = selection.Starts(slot.Node);
            if (!selection.Executes(slot.Node) && selection.StandIn(slot.Node) is not null)
            {
                MakeReady(slot);
            }
        }

        foreach (var slot in root.Top.Slots)
        {
            if (selection.Executes(slot.Node))
            {
                if (slot.Status == SlotStatus.Undecided && slot.Live + slot.Dead == slot.Node.In.Length)
                {
                    Decide(slot);
                    Drain();
                }
            }
            else if (slot.Status == SlotStatus.Undecided)
            {
                Kill(slot);
            }
        }

        CheckEnd(root.Top);
    }

    /// <summary>A node started.</summary>
    public void Started(Slot slot, int attempt, bool repeatSafe)
    {
        _now++;
        Steps += slot.Attempt == 0 ? 1 : 0;
        slot.Frame.Busy += slot.Busy ? 0 : 1;
        (slot.Status, slot.Attempt, slot.RepeatSafe) = (SlotStatus.Started, attempt, repeatSafe);
        (slot.Told, slot.Decision, slot.Unknown) = (slot.Decision, null, null);
        if (slot is { Node.Role: NodeRole.Loop, Loop: null, Outcome: null })
        {
            BeginLoop(slot);
        }
    }

    /// <summary>A node that runs another workflow started with it.</summary>
    public void Entered(Slot slot, CompiledWorkflow workflow, WorkflowReference reference, CompiledNode trigger, JsonElement input)
    {
        slot.Inner = new Activation(workflow, reference, slot, input);
        Begin(slot.Inner.Top, trigger);
    }

    /// <summary>A node gave a value through a port.</summary>
    public void Completed(Slot slot, string port, JsonElement value)
    {
        _now++;
        (slot.Port, slot.Value) = (port, value);
        if (!slot.Node.Node.Disabled)
        {
            TakeRole(slot);
        }

        End(slot, SlotStatus.Completed);
    }

    private void TakeRole(Slot slot)
    {
        var activation = slot.Frame.Activation;
        if (slot.Node.Role == NodeRole.Respond)
        {
            activation.Answer ??= slot;
        }
        else if (slot.Node.Role == NodeRole.Stop && !slot.Frame.Halted)
        {
            activation.Stopped = slot;
            Halting = true;
            CheckInside(activation.Top);
        }
    }

    /// <summary>A node failed for good; with a port the run goes on through it with the error as value.</summary>
    public void Failed(Slot slot, NodeError error, string? goesOn)
    {
        _now++;
        if (goesOn is not null)
        {
            (slot.Port, slot.Value) = (goesOn, error.ToValue());
            End(slot, SlotStatus.Completed);
            return;
        }

        if (!slot.Frame.Halted)
        {
            Halt(slot.Frame, error);
        }

        End(slot, SlotStatus.Failed);
    }

    /// <summary>An attempt failed, and another follows.</summary>
    public void Pauses(Slot slot, string reason, DateTimeOffset until)
    {
        _now++;
        (slot.Status, slot.RetryReason, slot.RetryAt) = (SlotStatus.Pausing, reason, until);
    }

    /// <summary>A node waits.</summary>
    public void Waits(Slot slot, NodeWaiting wait)
    {
        _now++;
        (slot.Status, slot.Wait) = (SlotStatus.Waiting, wait);
    }

    /// <summary>What a node waited for has come.</summary>
    public void Resumed(Slot slot, WaitEnd end)
    {
        _now++;
        (slot.Status, slot.Wait, slot.Resumed) = (SlotStatus.Started, null, end);
    }

    /// <summary>Nothing starts any more: the run was stopped or reached a limit.</summary>
    public void Halt(NodeError error)
    {
        if (root is { Stopped: null, Top: { Failure: null, Ended: false } })
        {
            Halt(root.Top, error);
            CheckEnd(root.Top);
        }
    }

    /// <summary>All nodes between start and end, outermost first.</summary>
    public List<Slot> BusySlots()
    {
        var found = new List<Slot>();
        Collect(root.Top, found);
        return found;
    }

    private static void Collect(Frame frame, List<Slot> found)
    {
        if (frame.Busy == 0)
        {
            return;
        }

        foreach (var slot in frame.Slots)
        {
            if (!slot.Busy)
            {
                continue;
            }

            found.Add(slot);
            foreach (var iteration in slot.Loop?.Frames.Values ?? Enumerable.Empty<Frame>())
            {
                Collect(iteration, found);
            }

            if (slot.Inner is { } inner)
            {
                Collect(inner.Top, found);
            }
        }
    }

    private void Begin(Frame top, CompiledNode trigger)
    {
        foreach (var slot in top.Slots)
        {
            if (slot.Node == trigger)
            {
                MakeReady(slot);
            }
            else if (slot.Node.In.Length == 0)
            {
                Kill(slot);
            }
        }

        CheckEnd(top);
    }

    private void Halt(Frame frame, NodeError error)
    {
        frame.Failure = error;
        Halting = true;
        CheckInside(frame);
    }

    /// <summary>What is inside a frame that fails ends as soon as nothing in it is under way.</summary>
    private void CheckInside(Frame frame)
    {
        foreach (var slot in frame.Slots)
        {
            if (slot is { Busy: true, Loop: { } loop })
            {
                CheckInside(loop);
            }
            else if (slot is { Busy: true, Inner: { } inner })
            {
                CheckInside(inner.Top);
                CheckEnd(inner.Top);
            }
        }
    }

    private void CheckInside(LoopState loop)
    {
        foreach (var iteration in loop.Frames.Values.ToList())
        {
            CheckInside(iteration);
            CheckEnd(iteration);
        }
    }

    private void MakeReady(Slot slot)
    {
        (slot.Status, slot.ReadyAt) = (SlotStatus.Ready, _now);
        _ready.Enqueue(slot);
    }

    private void Kill(Slot slot)
    {
        slot.Status = SlotStatus.Dead;
        Settle(slot);
    }

    private void End(Slot slot, SlotStatus status)
    {
        slot.Frame.Busy -= slot.Busy ? 1 : 0;
        (slot.Status, slot.EndedAt, slot.Settings, slot.Outcome) = (status, _now, default, null);
        slot.Forget();
        (slot.Loop, slot.Inner, slot.Wait, slot.Resumed, slot.Unknown) = (null, null, null, null, null);
        Settle(slot);
        CheckEnd(slot.Frame);
    }

    /// <summary>Tells those behind it. A long chain of dead nodes must not need a deep stack.</summary>
    private void Settle(Slot first)
    {
        _settling.Push(first);
        Drain();
    }

    private void Drain()
    {
        while (_settling.TryPop(out var slot))
        {
            slot.Frame.Open--;
            foreach (var edge in slot.Node.Out)
            {
                var target = slot.Frame.Slots[edge.Target.Place];
                if (slot.IsLive(edge.FromPort))
                {
                    target.Live++;
                }
                else
                {
                    target.Dead++;
                }

                if (target.Status == SlotStatus.Undecided)
                {
                    Decide(target);
                }
            }
        }
    }

    private void Decide(Slot slot)
    {
        var all = slot.Node.In.Length;
        var needed = slot.Node.Merge.Needed ?? 0;
        var decided = slot.Live + slot.Dead == all;
        if (needed > 0 ? slot.Live >= needed : decided && (slot.Live > 0 || slot.Forced))
        {
            MakeReady(slot);
        }
        else if (needed > 0 ? all - slot.Dead < needed : decided)
        {
            slot.Status = SlotStatus.Dead;
            _settling.Push(slot);
        }
    }

    private void CheckEnd(Frame frame)
    {
        if (frame.Ended || (frame.Halted ? frame.Busy > 0 : frame.Open > 0))
        {
            return;
        }

        frame.Ended = true;
        if (frame.Loop is { } loop)
        {
            EndIteration(loop, frame);
        }
        else if (frame.Activation.Parent is { } parent)
        {
            EndInner(parent, frame);
        }
    }

    private void EndInner(Slot parent, Frame top)
    {
        try
        {
            parent.Outcome = top.Failure is { } error
                ? new NodeResult.Failed(error.Code, error.Message, error.CanRetry)
                : parent.Frame.Halted ? Cancelled() : NodeResult.Of(rules.Output(top.Activation), parent.Node.MainPort);
        }
        catch (ExpressionException e)
        {
            parent.Outcome = new NodeResult.Failed(e.Code, e.Message);
        }

        _outcomes.Enqueue(parent);
    }

    private static NodeResult.Failed Cancelled() => new(NodeError.Cancelled, "It was under way when the run ended.");
}

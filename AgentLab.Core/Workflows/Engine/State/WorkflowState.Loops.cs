using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Engine.State;

/// <summary>Loops: which iterations go on, what each gave, and what they come to.</summary>
internal sealed partial class WorkflowState
{
    private void BeginLoop(Slot slot)
    {
        try
        {
            var plan = rules.Plan(slot);
            if (plan.Items is { } items && items.Count > plan.MaxIterations)
            {
                throw Unbounded(plan);
            }

            slot.Loop = new LoopState(plan, slot.Data());
            Advance(slot, slot.Loop);
        }
        catch (ExpressionException e)
        {
            slot.Outcome = new NodeResult.Failed(e.Code, e.Message);
            _outcomes.Enqueue(slot);
        }
    }

    private void EndIteration(Slot slot, Frame frame)
    {
        var loop = slot.Loop!;
        loop.Frames.Remove(frame.Iteration);
        try
        {
            Keep(loop, frame.Iteration, frame.Failure is { } error ? Failed(slot, loop, error) : slot.Frame.Halted ? default : ResultOf(loop, frame));
        }
        catch (ExpressionException e)
        {
            Keep(loop, frame.Iteration, Failed(slot, loop, new NodeError(e.Code, e.Message, slot.StepId)));
        }

        if (!loop.Advancing)
        {
            Advance(slot, loop);
        }
    }

    private JsonElement ResultOf(LoopState loop, Frame frame)
    {
        if (loop.Plan.Result is { } template)
        {
            return rules.Result(frame, template);
        }

        return frame.Slots.Length == 0 ? frame.Item : frame.LastValue();
    }

    private JsonElement Failed(Slot slot, LoopState loop, NodeError error)
    {
        if (loop.Plan.KeepGoing)
        {
            return error.ToValue();
        }

        Fail(loop, error);
        return default;
    }

    private void Fail(LoopState loop, NodeError error)
    {
        if (loop.Failure is null)
        {
            loop.Failure = error;
            Halting = true;
            CheckInside(loop);
        }
    }

    private static void Keep(LoopState loop, int iteration, JsonElement result)
    {
        loop.Newest = result;
        while (loop.Results.Count <= iteration)
        {
            loop.Results.Add(default);
        }

        loop.Results[iteration] = result;
    }

    /// <summary>Begins as many iterations as may go on together; ends the loop when none is left.</summary>
    private void Advance(Slot slot, LoopState loop)
    {
        loop.Advancing = true;
        try
        {
            while (loop.Frames.Count < (loop.Plan.Items is null ? 1 : Math.Max(1, loop.Plan.Parallel)) && loop.Failure is null && !slot.Frame.Halted && HasNext(slot, loop))
            {
                BeginIteration(slot, loop);
            }
        }
        catch (ExpressionException e)
        {
            Fail(loop, new NodeError(e.Code, e.Message, slot.StepId));
        }

        loop.Advancing = false;
        if (loop.Frames.Count == 0)
        {
            slot.Outcome = loop.Failure is { } error
                ? new NodeResult.Failed(error.Code, error.Message, error.CanRetry)
                : slot.Frame.Halted ? Cancelled() : NodeResult.Of(JsonLists.Of(loop.Results), slot.Node.MainPort);
            _outcomes.Enqueue(slot);
        }
    }

    private bool HasNext(Slot slot, LoopState loop)
    {
        if (loop.Plan.Items is { } items)
        {
            return loop.Next < items.Count;
        }

        return rules.Continues(slot, loop.Next, loop.Newest) && (loop.Next < loop.Plan.MaxIterations ? true : throw Unbounded(loop.Plan));
    }

    private void BeginIteration(Slot slot, LoopState loop)
    {
        var item = loop.Plan.Items is { } items ? items[loop.Next] : loop.Newest;
        var frame = new Frame(slot.Frame.Activation, slot.Node.Body!, slot, loop.Next, item);
        loop.Frames.Add(loop.Next++, frame);
        foreach (var inside in frame.Slots)
        {
            foreach (var edge in inside.Node.In)
            {
                inside.Live += edge.EntersBody ? 1 : 0;
            }

            if (inside.Live > 0)
            {
                Decide(inside);
            }
        }

        Drain();
        CheckEnd(frame);
    }

    private static ExpressionException Unbounded(LoopPlan plan) =>
        new("loop_bound", $"The loop would go on past its bound of {plan.MaxIterations} iterations. Raise the bound or iterate over less.");
}

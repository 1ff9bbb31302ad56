using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Engine.State;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Records the start of nodes that are ready, or the value that stands in for running them.</summary>
internal sealed class Starter(
    WorkflowState state, Evaluation evaluation, Recorder recorder, Transition transition, InnerWorkflows inner, bool dryRun)
{
    /// <summary>The way through a selection of nodes; null when all run.</summary>
    public Selection? Selection { get; init; }

    /// <summary>Records the value of a node that does not run; false when it has to run.</summary>
    public bool TryPassBy(Slot slot)
    {
        if (slot.Node.Role == NodeRole.Trigger)
        {
            recorder.StandIn(slot, new StandIn(slot.Node.MainPort, slot.Frame.Activation.Input, null));
            return true;
        }

        if (ValueOf(slot) is { } value)
        {
            recorder.StandIn(slot, value);
            return true;
        }

        if (slot.Node.Node.Disabled)
        {
            recorder.StandIn(slot, new StandIn(slot.Node.MainPort, slot.Data(), "disabled"));
            return true;
        }

        return false;
    }

    /// <summary>Records that an attempt begins; it is launched after the commit.</summary>
    public async ValueTask StartAsync(Slot slot, string? reason, CancellationToken cancellationToken)
    {
        var effect = NodeEffect.None;
        ExpressionException? fault = null;
        try
        {
            slot.Settings = evaluation.Settings(slot);
            effect = slot.Node.Kind.Effect(slot.Settings);
        }
        catch (ExpressionException e)
        {
            fault = e;
        }
        catch (Exception e)
        {
            fault = Evaluation.Broke(e);
        }

        if (slot.Node.Role == NodeRole.SubWorkflow)
        {
            await StartInnerAsync(slot, fault, cancellationToken);
            return;
        }

        Record(slot, effect, reason, null);
        if (fault is not null && slot.Node.Role != NodeRole.Loop)
        {
            recorder.FailForGood(slot, fault.Code, fault.Message, 0);
        }
        else if (slot.Node.Role != NodeRole.Loop)
        {
            slot.Pure = effect.Pure;
            transition.Launches.Enqueue(slot);
        }
    }

    private StandIn? ValueOf(Slot slot)
    {
        if (slot.Frame == state.Root.Top && Selection is { } selection && !selection.Executes(slot.Node))
        {
            return selection.StandIn(slot.Node);
        }

        return dryRun && slot.Node.Node.Pinned is { } pinned ? new StandIn(slot.Node.MainPort, pinned, "pinned") : null;
    }

    private async ValueTask StartInnerAsync(Slot slot, ExpressionException? fault, CancellationToken cancellationToken)
    {
        var found = fault is null ? await inner.FindAsync(slot, cancellationToken) : new InnerWorkflow(null, null, fault.Code, fault.Message);
        Record(slot, NodeEffect.Read, null, found.Reference);
        if (found is { Workflow: { } workflow, Reference: { } reference })
        {
            state.Entered(slot, workflow, reference, InnerWorkflows.TriggerOf(workflow)!, evaluation.InnerInput(slot));
        }
        else
        {
            recorder.FailForGood(slot, found.Code!, found.Message!, 0);
        }
    }

    private void Record(Slot slot, NodeEffect effect, string? reason, WorkflowReference? workflow)
    {
        var attempt = slot.Attempt + 1;
        var word = effect.Pure || slot.Node.IsContainer ? null : EffectWord(effect.Effect);
        transition.Add(new NodeStarted(slot.Node.Id, slot.Node.Node.Kind, word, effect.RepeatSafe, reason, workflow), slot, attempt);
        state.Started(slot, attempt, effect.RepeatSafe);
    }

    private static string EffectWord(ToolEffect effect) => effect switch
    {
        ToolEffect.Write => "write",
        ToolEffect.External => "external",
        _ => "read",
    };
}

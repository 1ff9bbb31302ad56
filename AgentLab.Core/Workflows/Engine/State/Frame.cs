using System.Globalization;
using System.Text.Json;
using AgentLab.Core.Workflows.Engine.Compiled;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Engine.State;

/// <summary>One execution of a frame's nodes: the top level, or one iteration of a loop. It is let go of when it has ended.</summary>
internal sealed class Frame
{
    private readonly string _suffix;

    public Frame(Activation activation, CompiledBody body, Slot? loop, int iteration, JsonElement item)
    {
        (Activation, Body, Loop, Iteration, Item) = (activation, body, loop, iteration, item);
        _suffix = loop is null ? string.Empty : SuffixOf(loop.Frame, iteration);
        Slots = new Slot[body.Nodes.Length];
        for (var i = 0; i < Slots.Length; i++)
        {
            Slots[i] = new Slot(body.Nodes[i], this);
        }

        Open = Slots.Length;
    }

    public Activation Activation { get; }

    public CompiledBody Body { get; }

    /// <summary>The loop that it is an iteration of; null for the top level.</summary>
    public Slot? Loop { get; }

    public int Iteration { get; }

    /// <summary>The iteration's item; for a loop without a list, what came in.</summary>
    public JsonElement Item { get; }

    public Slot[] Slots { get; }

    /// <summary>How many of its nodes have not ended.</summary>
    public int Open { get; set; }

    /// <summary>How many of its nodes stand between start and end.</summary>
    public int Busy { get; set; }

    /// <summary>Why it fails: nothing starts in it any more.</summary>
    public NodeError? Failure { get; set; }

    public bool Ended { get; set; }

    /// <summary>What it is inside of: the loop's frame, or that of the node that runs this workflow.</summary>
    public Frame? Outer => Loop?.Frame ?? Activation.Parent?.Frame;

    /// <summary>Whether nothing may start in it: it or something round it fails, was stopped or has ended.</summary>
    public bool Halted
    {
        get
        {
            for (var frame = this; frame is not null; frame = frame.Outer)
            {
                if (frame.Ended || frame.Failure is not null || frame.Activation.Stopped is not null || frame.Loop?.Loop?.Failure is not null)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public string StepIdOf(string node) => string.Concat(Activation.Prefix, node, _suffix);

    /// <summary>The value of its last node in flow order that ran; undefined when none did.</summary>
    public JsonElement LastValue()
    {
        for (var i = Slots.Length - 1; i >= 0; i--)
        {
            if (Slots[i].Status == SlotStatus.Completed)
            {
                return Slots[i].Value;
            }
        }

        return default;
    }

    private static string SuffixOf(Frame outer, int iteration) => outer._suffix.Length == 0
        ? string.Create(CultureInfo.InvariantCulture, $"[{iteration}]")
        : string.Create(CultureInfo.InvariantCulture, $"{outer._suffix.AsSpan(0, outer._suffix.Length - 1)}.{iteration}]");
}

/// <summary>One execution of a workflow: the run's own, or that of another workflow inside a step.</summary>
internal sealed class Activation
{
    public Activation(CompiledWorkflow workflow, WorkflowReference reference, Slot? parent, JsonElement input)
    {
        (Workflow, Reference, Parent, Input) = (workflow, reference, parent, input);
        Prefix = parent is null ? string.Empty : parent.StepId + "/";
        Depth = parent is null ? 0 : parent.Frame.Activation.Depth + 1;
        Top = new Frame(this, workflow.Top, null, 0, default);
    }

    public CompiledWorkflow Workflow { get; }

    public WorkflowReference Reference { get; }

    /// <summary>The step that it runs inside of; null for the run's own.</summary>
    public Slot? Parent { get; }

    public JsonElement Input { get; }

    public string Prefix { get; }

    /// <summary>How many workflows are round it.</summary>
    public int Depth { get; }

    public Frame Top { get; }

    /// <summary>The respond node that answered first.</summary>
    public Slot? Answer { get; set; }

    /// <summary>The stop node that ended it at once, as completed.</summary>
    public Slot? Stopped { get; set; }

    /// <summary>Whether this workflow runs already here or round here.</summary>
    public bool IsInside(Guid workflow)
    {
        for (var at = this; at is not null; at = at.Parent?.Frame.Activation)
        {
            if (at.Reference.Id == workflow && workflow != Guid.Empty)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>The computations that a run's state follows from besides its events. Each gives the same answer to the same state.</summary>
internal interface IStateRules
{
    /// <summary>What a loop that starts iterates over.</summary>
    /// <exception cref="Expressions.ExpressionException">The settings give no value.</exception>
    LoopPlan Plan(Slot loop);

    /// <summary>Whether a loop without a list goes on.</summary>
    bool Continues(Slot loop, int iteration, JsonElement newest);

    /// <summary>The result of an iteration that has ended.</summary>
    JsonElement Result(Frame iteration, string template);

    /// <summary>What a workflow answers.</summary>
    JsonElement Output(Activation ended);
}

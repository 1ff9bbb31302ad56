using System.Globalization;

namespace AgentLab.Core.Workflows.Engine.State;

/// <summary>Finds a node in a run by the id of its step: <c>node</c>, <c>node[2.0]</c>, <c>sub/node</c>.</summary>
internal static class StepAddress
{
    /// <summary>The node; null when it is not there (any more).</summary>
    /// <param name="root">The run's own workflow.</param>
    /// <param name="stepId">The step.</param>
    /// <param name="inside">Whether the id goes on behind the node: it is of something inside the step, such as a model call.</param>
    public static Slot? Find(Activation root, ReadOnlySpan<char> stepId, out bool inside)
    {
        var activation = root;
        while (true)
        {
            var slash = stepId.IndexOf('/');
            var slot = FindPart(activation, slash < 0 ? stepId : stepId[..slash]);
            inside = slash >= 0;
            if (slot is null || !inside || slot.Inner is not { } inner)
            {
                return slot;
            }

            activation = inner;
            stepId = stepId[(slash + 1)..];
        }
    }

    private static Slot? FindPart(Activation activation, ReadOnlySpan<char> part)
    {
        var bracket = part.IndexOf('[');
        var id = bracket < 0 ? part : part[..bracket];
        if (activation.Workflow.Find(id.ToString()) is not { } node)
        {
            return null;
        }

        var frame = activation.Top;
        if (bracket >= 0)
        {
            frame = FindFrame(node, frame, part[(bracket + 1)..^1]);
        }

        return frame is not null && node.Place < frame.Slots.Length && frame.Slots[node.Place] is var slot && slot.Node == node ? slot : null;
    }

    private static Frame? FindFrame(Compiled.CompiledNode node, Frame top, ReadOnlySpan<char> iterations)
    {
        var loops = new Compiled.CompiledNode[node.Depth];
        for (var (loop, i) = (node.Loop, node.Depth - 1); loop is not null; loop = loop.Loop, i--)
        {
            loops[i] = loop;
        }

        var frame = top;
        var depth = 0;
        foreach (var range in iterations.Split('.'))
        {
            if (depth >= loops.Length || !int.TryParse(iterations[range], NumberStyles.None, CultureInfo.InvariantCulture, out var iteration)
                || frame.Slots[loops[depth++].Place].Loop is not { } running || !running.Frames.TryGetValue(iteration, out var next))
            {
                return null;
            }

            frame = next;
        }

        return depth == loops.Length ? frame : null;
    }
}

using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Core.Sessions.Events;

/// <summary><c>node.started</c>: a node of a workflow began. Its step is the node's id, with the iterations of the loops round it: <c>fetch[2.0]</c>.</summary>
/// <param name="Node">The node's id.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Effect"><c>read</c>, <c>write</c> or <c>external</c>; null for a pure computation.</param>
/// <param name="RepeatSafe">Whether it may be made again when its end was not recorded.</param>
/// <param name="Reason">Why it is tried again: the code of the attempt before, <c>recovered</c> after a crash; null at the first attempt.</param>
/// <param name="Workflow">For a sub-workflow, the version that runs inside this step.</param>
public sealed record NodeStarted(
    string Node, string Kind, string? Effect = null, bool RepeatSafe = true, string? Reason = null, WorkflowReference? Workflow = null) : EventData;

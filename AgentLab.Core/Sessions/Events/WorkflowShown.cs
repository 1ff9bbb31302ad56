namespace AgentLab.Core.Sessions.Events;

/// <summary><c>workflow.shown</c>: the draft as the person saw it when asking for changes. The run's proposal is made on it.</summary>
/// <param name="Workflow">The workflow.</param>
/// <param name="Revision">The draft's revision.</param>
/// <param name="Definition">The draft as JSON.</param>
/// <param name="Selection">The ids of the nodes and edges that were selected.</param>
public sealed record WorkflowShown(Guid Workflow, long Revision, TextContent Definition, IReadOnlyList<string> Selection) : EventData;

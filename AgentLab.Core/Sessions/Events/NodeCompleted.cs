namespace AgentLab.Core.Sessions.Events;

/// <summary><c>node.completed</c>: a node gave a value through one of its ports; its other ports stay dead.</summary>
/// <param name="Node">The node's id.</param>
/// <param name="Port">The output port.</param>
/// <param name="Output">The value.</param>
/// <param name="DurationMs">Milliseconds of the last attempt, to the microsecond.</param>
/// <param name="Summary">One line for people.</param>
/// <param name="Source">Where the value comes from when the node did not run: <c>pinned</c>, <c>earlier_run</c>, <c>disabled</c>, <c>dry_run</c>; null when it ran.</param>
public sealed record NodeCompleted(string Node, string Port, JsonContent Output, decimal DurationMs, string? Summary = null, string? Source = null) : EventData;

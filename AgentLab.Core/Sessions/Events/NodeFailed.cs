namespace AgentLab.Core.Sessions.Events;

/// <summary><c>node.failed</c>: an attempt of a node failed. It is the last one unless <paramref name="RetryMs"/> says when the next begins.</summary>
/// <param name="Node">The node's id.</param>
/// <param name="Code">A stable code.</param>
/// <param name="Message">A sentence that a person can act on.</param>
/// <param name="DurationMs">Milliseconds of the attempt, to the microsecond.</param>
/// <param name="RetryMs">Milliseconds until the next attempt; null when there is none.</param>
/// <param name="GoesOn">The port through which the run goes on with the error as value: <c>error</c> or the first output; null when it stops the run (or the iteration).</param>
public sealed record NodeFailed(string Node, string Code, string Message, decimal DurationMs, long? RetryMs = null, string? GoesOn = null) : EventData;

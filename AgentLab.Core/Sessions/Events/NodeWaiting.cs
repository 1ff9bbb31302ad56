namespace AgentLab.Core.Sessions.Events;

/// <summary><c>node.waiting</c>: the run waits at this node for a time, a request or a person. The wait survives restarts.</summary>
/// <param name="Node">The node's id.</param>
/// <param name="Kind"><c>timer</c>, <c>webhook</c>, <c>approval</c> or <c>form</c>.</param>
/// <param name="DueAt">When it ends by itself; null for never.</param>
/// <param name="KeyHash">SHA-256 (hex) of the key by which a request wakes it; the key itself is in no event.</param>
/// <param name="ApprovalId">The question that a person must answer.</param>
public sealed record NodeWaiting(string Node, string Kind, DateTimeOffset? DueAt = null, string? KeyHash = null, Guid? ApprovalId = null) : EventData;

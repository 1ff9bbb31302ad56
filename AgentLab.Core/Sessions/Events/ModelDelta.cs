namespace AgentLab.Core.Sessions.Events;

/// <summary><c>model.delta</c>: words of an answer that is still being written. For viewers only: never folded, never indexed.</summary>
/// <param name="Text">The next part of the answer.</param>
public sealed record ModelDelta(string Text) : EventData;

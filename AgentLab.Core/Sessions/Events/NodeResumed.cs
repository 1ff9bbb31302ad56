namespace AgentLab.Core.Sessions.Events;

/// <summary><c>node.resumed</c>: what a node waited for has come.</summary>
/// <param name="Cause"><c>due</c> or <c>delivered</c>; a person's answer is an <c>approval.decided</c>.</param>
/// <param name="Data">What came with it.</param>
public sealed record NodeResumed(string Cause, JsonContent? Data = null) : EventData;

namespace AgentLab.Core.Sessions.Events;

/// <summary><c>run.started</c>: a run began. It answers the newest message before it.</summary>
/// <param name="Trigger">Why: <c>message</c>, <c>edit</c>, <c>retry</c> or <c>api</c>.</param>
/// <param name="AgentId">The agent that runs.</param>
/// <param name="AgentVersion">Its version.</param>
/// <param name="Limits">The bounds it must stay within.</param>
public sealed record RunStarted(string Trigger, Guid AgentId, int AgentVersion, RunLimits Limits) : EventData;

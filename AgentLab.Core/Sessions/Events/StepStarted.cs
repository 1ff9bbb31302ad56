namespace AgentLab.Core.Sessions.Events;

/// <summary><c>step.started</c>: a journaled unit of the run began.</summary>
/// <param name="Kind"><c>model</c> or <c>tool</c>.</param>
/// <param name="Name">The model or tool.</param>
public sealed record StepStarted(string Kind, string Name) : EventData;

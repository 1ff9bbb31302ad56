namespace AgentLab.Core.Sessions.Events;

/// <summary><c>step.completed</c>: the step's result is recorded and it is never executed again.</summary>
/// <param name="DurationMs">Milliseconds that the last attempt took.</param>
public sealed record StepCompleted(long DurationMs) : EventData;

namespace AgentLab.Core.Sessions.Events;

/// <summary><c>run.completed</c>: the run reached its end.</summary>
/// <param name="Steps">How many steps it took.</param>
/// <param name="Usage">What its model calls used in all.</param>
/// <param name="DurationMs">Milliseconds from start to end, pauses included.</param>
public sealed record RunCompleted(int Steps, UsageTotals Usage, long DurationMs) : EventData;

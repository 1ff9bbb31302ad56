namespace AgentLab.Core.Sessions.Events;

/// <summary><c>run.cancelled</c>: the run was stopped.</summary>
/// <param name="Reason"><c>stop_requested</c>.</param>
/// <param name="Usage">What its model calls used in all.</param>
/// <param name="DurationMs">Milliseconds from start to end.</param>
public sealed record RunCancelled(string Reason, UsageTotals Usage, long DurationMs) : EventData;

namespace AgentLab.Core.Sessions.Events;

/// <summary><c>run.failed</c>: the run ended without an answer.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Message">A sentence that a person can act on.</param>
/// <param name="CanRetry">Whether trying again can help.</param>
/// <param name="Usage">What its model calls used in all.</param>
/// <param name="DurationMs">Milliseconds from start to end.</param>
public sealed record RunFailed(string Code, string Message, bool CanRetry, UsageTotals Usage, long DurationMs) : EventData;

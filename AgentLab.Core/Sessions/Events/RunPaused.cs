namespace AgentLab.Core.Sessions.Events;

/// <summary><c>run.paused</c>: the run waits, for a person, a time or a request, and does nothing meanwhile.</summary>
/// <param name="Reason">A stable code, <c>outcome_unknown</c> (a person must say how a step ended) or <c>waiting</c> (the steps that wait say for what).</param>
/// <param name="Message">What the person should decide.</param>
public sealed record RunPaused(string Reason, string Message) : EventData;

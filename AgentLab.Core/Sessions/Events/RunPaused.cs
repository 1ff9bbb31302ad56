namespace AgentLab.Core.Sessions.Events;

/// <summary><c>run.paused</c>: the run waits for a person and does nothing meanwhile.</summary>
/// <param name="Reason">A stable code, for example <c>outcome_unknown</c>.</param>
/// <param name="Message">What the person should decide.</param>
public sealed record RunPaused(string Reason, string Message) : EventData;

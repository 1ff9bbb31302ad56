namespace AgentLab.Core.Sessions.Events;

/// <summary><c>run.outcome_unknown</c>: a step had started, its end was never recorded, and its tool does not declare that repeating is safe. Only a person can say what is true.</summary>
/// <param name="Tool">The tool whose effect is uncertain.</param>
/// <param name="CallId">The model's id of the call.</param>
/// <param name="Question">What the person is asked.</param>
public sealed record RunOutcomeUnknown(string Tool, string CallId, string Question) : EventData;

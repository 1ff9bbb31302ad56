namespace AgentLab.Core.Sessions.Events;

/// <summary><c>step.failed</c>: the step ended without a result.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Message">A sentence that a person can act on.</param>
/// <param name="DurationMs">Milliseconds that the last attempt took.</param>
/// <param name="Usage">What the last attempt had used, when its provider may charge for it.</param>
/// <param name="Estimated">True when the provider had not told the usage, which is counted by rule of thumb (4 characters a token) then.</param>
public sealed record StepFailed(string Code, string Message, long DurationMs, UsageTotals? Usage = null, bool? Estimated = null) : EventData;

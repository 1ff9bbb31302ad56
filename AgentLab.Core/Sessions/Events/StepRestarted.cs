namespace AgentLab.Core.Sessions.Events;

/// <summary><c>step.restarted</c>: the step is made again under a higher attempt. Viewers discard what earlier attempts streamed.</summary>
/// <param name="Reason">A stable code: <c>recovered</c> after a crash, else the fault's code.</param>
/// <param name="Message">What went wrong, for people.</param>
/// <param name="Usage">What the attempt before had used, when its provider may charge for it.</param>
public sealed record StepRestarted(string Reason, string? Message = null, UsageTotals? Usage = null) : EventData;

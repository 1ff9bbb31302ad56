namespace AgentLab.Core.Sessions.Events;

/// <summary><c>run.stop.requested</c>: a person asked the run to stop. The run ends with <c>run.cancelled</c> soon after.</summary>
/// <param name="By">The user who asked.</param>
public sealed record RunStopRequested(Guid? By) : EventData;

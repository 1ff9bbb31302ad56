namespace AgentLab.Core.Sessions.Events;

/// <summary><c>approval.decided</c>: the question was answered, or nobody did in time.</summary>
/// <param name="ApprovalId">Which one.</param>
/// <param name="Decision"><c>approved</c>, <c>rejected</c>, <c>submitted</c> or <c>expired</c>.</param>
/// <param name="Hash">The hash that was answered.</param>
/// <param name="By">Who answered; null when it expired.</param>
/// <param name="Reason">Why, in the person's words.</param>
/// <param name="Data">The form's values, or the details as the person edited them.</param>
/// <param name="DataHash">SHA-256 (hex) over the question with the details as edited: a tool is called with exactly these.</param>
/// <param name="ForSession">True when the tool may from now on be called in this session without asking.</param>
public sealed record ApprovalDecided(
    Guid ApprovalId, string Decision, string Hash, Guid? By = null, string? Reason = null, JsonContent? Data = null, string? DataHash = null, bool? ForSession = null) : EventData;

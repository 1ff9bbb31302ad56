namespace AgentLab.Core.Sessions.Events;

/// <summary><c>approval.requested</c>: a person must answer before the step goes on.</summary>
/// <param name="ApprovalId">Its identity.</param>
/// <param name="Kind"><c>approval</c> (yes or no) or <c>form</c>.</param>
/// <param name="Title">One line.</param>
/// <param name="Message">Markdown.</param>
/// <param name="Details">The value that is approved.</param>
/// <param name="Hash">SHA-256 (hex) over the details: an answer counts for exactly these.</param>
/// <param name="Form">JSON Schema of what the person fills in.</param>
/// <param name="ExpiresAt">When it can no longer be answered; null for never.</param>
public sealed record ApprovalRequested(
    Guid ApprovalId, string Kind, string Title, string Message, JsonContent? Details, string Hash, System.Text.Json.JsonElement? Form = null, DateTimeOffset? ExpiresAt = null) : EventData;

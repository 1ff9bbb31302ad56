namespace AgentLab.Core.Sessions.Events;

/// <summary><c>approval.requested</c>: a person must answer before the step goes on.</summary>
/// <param name="ApprovalId">Its identity.</param>
/// <param name="Kind"><c>approval</c> (yes or no), <c>form</c> or <c>tool</c> (a call that an agent wants to make).</param>
/// <param name="Title">One line.</param>
/// <param name="Message">Markdown.</param>
/// <param name="Details">The value that is approved; the arguments of a tool's call.</param>
/// <param name="Hash">SHA-256 (hex) over what is asked, the details included: an answer counts for exactly these.</param>
/// <param name="Form">JSON Schema of what the person fills in.</param>
/// <param name="ExpiresAt">When it can no longer be answered; null for never.</param>
/// <param name="Tool">The tool that would be called.</param>
/// <param name="CallId">The model's id of that call.</param>
/// <param name="Effect">What the tool's call changes: <c>read</c>, <c>write</c> or <c>external</c>.</param>
public sealed record ApprovalRequested(
    Guid ApprovalId, string Kind, string Title, string Message, JsonContent? Details, string Hash, System.Text.Json.JsonElement? Form = null, DateTimeOffset? ExpiresAt = null,
    string? Tool = null, string? CallId = null, string? Effect = null) : EventData;

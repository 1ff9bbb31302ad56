using System.Text.Json;

namespace AgentLab.Core.Approvals;

/// <summary>What a person is asked.</summary>
/// <param name="Title">One line.</param>
/// <param name="Message">Markdown.</param>
/// <param name="Details">The value that is approved, shown to the person; bound by its hash.</param>
/// <param name="Form">JSON Schema of what the person fills in; null for yes or no.</param>
/// <param name="Tool">The tool that would be called with the details as its arguments; null when a workflow asks.</param>
public sealed record ApprovalQuestion(string Title, string Message, JsonElement? Details, JsonElement? Form, string? Tool = null);

/// <summary>A person's answer.</summary>
/// <param name="ApprovalId">What is answered.</param>
/// <param name="Approved">Yes, or the form is submitted; no otherwise.</param>
/// <param name="Hash">The hash of the question that the person saw.</param>
/// <param name="Data">The form's values, or the details (a tool's arguments) as edited; null for none.</param>
/// <param name="Reason">Why, at most 1,000 characters.</param>
/// <param name="ForSession">Approve the call, and let the agent call that tool without asking for the rest of the session. For calls of tools only.</param>
public sealed record ApprovalAnswer(Guid ApprovalId, bool Approved, string Hash, JsonElement? Data = null, string? Reason = null, bool ForSession = false);

using System.Text.Json;

namespace AgentLab.Core.Sessions.Events;

/// <summary><c>tool.failed</c>: a tool call ended without a result; the model is told so.</summary>
/// <param name="CallId">The model's id of the call.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Code">A stable code.</param>
/// <param name="Message">What went wrong and what is allowed.</param>
/// <param name="DurationMs">Milliseconds that the call took.</param>
/// <param name="EditedArguments">The arguments that it was called with when a person changed them before approving; the model is told.</param>
public sealed record ToolFailed(string CallId, string Tool, string Code, string Message, long DurationMs, JsonElement? EditedArguments = null) : EventData;

using System.Text.Json;

namespace AgentLab.Core.Sessions.Events;

/// <summary><c>tool.completed</c>: a tool's result.</summary>
/// <param name="CallId">The model's id of the call.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Result">What it returned: JSON or plain text.</param>
/// <param name="DurationMs">Milliseconds that the call took.</param>
/// <param name="EditedArguments">The arguments that it was called with when a person changed them before approving; the model is told.</param>
public sealed record ToolCompleted(string CallId, string Tool, TextContent Result, long DurationMs, JsonElement? EditedArguments = null) : EventData;

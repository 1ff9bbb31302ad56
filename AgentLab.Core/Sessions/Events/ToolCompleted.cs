namespace AgentLab.Core.Sessions.Events;

/// <summary><c>tool.completed</c>: a tool's result.</summary>
/// <param name="CallId">The model's id of the call.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Result">What it returned: JSON or plain text.</param>
/// <param name="DurationMs">Milliseconds that the call took.</param>
public sealed record ToolCompleted(string CallId, string Tool, TextContent Result, long DurationMs) : EventData;

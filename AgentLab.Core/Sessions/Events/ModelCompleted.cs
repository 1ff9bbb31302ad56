namespace AgentLab.Core.Sessions.Events;

/// <summary><c>model.completed</c>: the whole answer of one model call.</summary>
/// <param name="Answer">The text; empty when the model only called tools.</param>
/// <param name="ToolCalls">The calls that it asks for, in its order.</param>
/// <param name="FinishReason"><c>stop</c>, <c>tool_calls</c>, <c>length</c> or <c>content_filter</c>.</param>
/// <param name="Provider">Who answered.</param>
/// <param name="Model">Which model answered.</param>
/// <param name="Usage">Tokens and cost of this call.</param>
/// <param name="DurationMs">Milliseconds from request to end.</param>
/// <param name="FirstTokenMs">Milliseconds from request to the first word.</param>
public sealed record ModelCompleted(TextContent Answer, IReadOnlyList<ToolCall> ToolCalls, string FinishReason, string Provider, string Model, UsageTotals Usage, long DurationMs, long? FirstTokenMs = null) : EventData;

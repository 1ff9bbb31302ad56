using System.Text.Json;

namespace AgentLab.Core.Sessions.Events;

/// <summary><c>tool.requested</c>: a tool is about to be called.</summary>
/// <param name="CallId">The model's id of the call.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Arguments">The arguments as the tool gets them.</param>
/// <param name="Effect"><c>read</c>, <c>write</c> or <c>external</c>.</param>
/// <param name="RepeatSafe">Whether the call may be repeated under the same key when its end is unknown.</param>
/// <param name="IdempotencyKey">The key that the tool hands on to whoever does the work.</param>
public sealed record ToolRequested(string CallId, string Tool, JsonElement Arguments, string Effect, bool RepeatSafe, string IdempotencyKey) : EventData;

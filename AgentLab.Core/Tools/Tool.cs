using System.Text.Json;
using AgentLab.Core.Agents;
using Microsoft.Extensions.AI;

namespace AgentLab.Core.Tools;

/// <summary>
/// A function that a model may ask for, with what the agent loop must know before it calls one: its effect, whether it may be repeated
/// after a crash, whether a person is asked first, and how long it may take. Immutable and shared by all sessions.
/// </summary>
public sealed class Tool
{
    /// <summary>How long a call may take when a tool says nothing else: 30 s.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <param name="function">The name, description and schema that the model sees, and the code to call.</param>
    /// <param name="title">The name that people see, such as "Table query".</param>
    /// <param name="effect">What a call changes.</param>
    public Tool(AIFunction function, string title, ToolEffect effect)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        Function = function;
        Title = title;
        Effect = effect;
        RepeatSafe = effect == ToolEffect.Read;
    }

    public AIFunction Function { get; }

    /// <summary>The name that models use, unique in a registry: lower-case words joined by underscores.</summary>
    public string Name => Function.Name;

    /// <summary>The name that people see.</summary>
    public string Title { get; }

    /// <summary>What the tool does, written for the model and fit for people.</summary>
    public string Description => Function.Description;

    /// <summary>JSON Schema of the arguments: always an object.</summary>
    public JsonElement Schema => Function.JsonSchema;

    public ToolEffect Effect { get; }

    /// <summary>
    /// True when repeating a call under the same idempotency key is safe. A call that had started and has no recorded end is then
    /// made again on resume; otherwise the run pauses and asks a person. Default: true for <see cref="ToolEffect.Read"/>.
    /// </summary>
    public bool RepeatSafe { get; init; }

    /// <summary>Default: <see cref="ApprovalRule.Never"/>.</summary>
    public ApprovalRule Approval { get; init; } = ApprovalRule.Never;

    /// <summary>How long a call may take. Default: 30 s.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>
    /// True when each call must see what the calls before it did: those of one answer are then made one after the other, in the model's order, beside those of other tools.
    /// Default: false.
    /// </summary>
    public bool OneByOne { get; init; }

    /// <summary>The only type of agent that it makes sense for, and is offered to; null for all. Default: null.</summary>
    public AgentType? OnlyFor { get; init; }
}

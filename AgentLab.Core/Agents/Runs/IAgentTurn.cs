using System.Text.Json;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Agents.Runs;

/// <summary>
/// The agent loop as a step of a workflow run: ask the model, call the tools that it asks for, until it answers. Its <c>step.*</c>, <c>model.*</c> and <c>tool.*</c> events
/// stand under the node's step (<c>ask/model[1]</c>, <c>ask/tool[1.2]</c>); after a crash it goes on behind what they say. It writes no <c>run.*</c> events.
/// </summary>
public interface IAgentTurn
{
    /// <summary>
    /// Answers one message, without memory of earlier ones. The agent must be the run's owner's to use. Ends at the token, or when a limit of the agent is reached.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    Task<AgentTurnResult> RunAsync(AgentTurn turn, CancellationToken cancellationToken);
}

/// <summary>A message to an agent.</summary>
/// <param name="Text">What it is asked.</param>
/// <param name="Call">The node that asks.</param>
public sealed record AgentTurn(string Text, NodeCall Call)
{
    /// <summary>The agent's id or slug; null when <see cref="Definition"/> is used.</summary>
    public string? Agent { get; init; }

    /// <summary>An agent that is not saved: model, instructions, temperature, tools and limits; for a node that is a model's prompt.</summary>
    public AgentDefinition? Definition { get; init; }

    /// <summary>
    /// A JSON Schema that the answer must follow; null for text. An answer that does not is sent back once with what is wrong, and the next one is the turn's answer, whatever it is:
    /// its reader checks it.
    /// </summary>
    public JsonElement? Schema { get; init; }
}

/// <summary>How a turn ended.</summary>
public abstract record AgentTurnResult
{
    /// <summary>It answered.</summary>
    /// <param name="Text">The whole answer.</param>
    /// <param name="Usage">What its model calls used.</param>
    /// <param name="ToolCalls">How many tool calls it made.</param>
    /// <param name="Model">Which model gave the answer, <c>provider/model</c>.</param>
    public sealed record Answered(string Text, UsageTotals Usage, int ToolCalls, string Model) : AgentTurnResult;

    /// <summary>It got no answer.</summary>
    /// <param name="Code">Stable, snake case.</param>
    /// <param name="Message">What happened and what to do.</param>
    /// <param name="CanRetry">Whether trying again can help.</param>
    public sealed record Failed(string Code, string Message, bool CanRetry) : AgentTurnResult;

    /// <summary>Somebody must say how a tool call ended: hand it on as <see cref="NodeResult.OutcomeUnknown"/>.</summary>
    /// <param name="Tool">Which tool.</param>
    /// <param name="Question">What a person is asked.</param>
    /// <param name="CallId">The model's id of the call.</param>
    public sealed record OutcomeUnknown(string Tool, string Question, string CallId) : AgentTurnResult;
}

using System.Text.Json;
using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;

namespace AgentLab.Core.Agents.Runs;

/// <summary>What the steps of one run share. Nothing in it is shared with another session.</summary>
internal sealed record RunContext(
    SessionSummary Session, Agent Agent, RunFold Fold, Conversation Conversation, StepJournal Journal, IReadOnlyList<Tool> Tools)
{
    /// <summary>The last sequence of the conversation that the next prompt is made from.</summary>
    public long ContextThrough { get; set; }

    /// <summary>The JSON Schema that answers must follow; null for text.</summary>
    public JsonElement? Schema { get; init; }

    /// <summary>An answer without calls ends the run unless it is the one of this number, which was sent back; 0 for none.</summary>
    public int AskAgainAfter { get; set; }

    /// <summary>The agent as the log names it where the session has none of its own: inside a node of a workflow.</summary>
    public AgentReference? Inside { get; init; }

    /// <summary>The tools that a person allowed for the session.</summary>
    public SessionGrants Grants { get; init; } = new();

    /// <summary>How people's decisions reach the run; null where nobody can be asked.</summary>
    public LiveDecisions? Decisions { get; init; }

    /// <summary>What the model call had used that a stop or the time limit cut off; null when none was.</summary>
    public CutCall? Cut { get; set; }
}

/// <summary>What a model call had used when it was cut off.</summary>
/// <param name="StepId">Its step.</param>
/// <param name="Usage">As the provider told it, or estimated.</param>
/// <param name="IsEstimated">Whether it is an estimate.</param>
/// <param name="DurationMs">How long it had taken.</param>
internal sealed record CutCall(string StepId, UsageTotals Usage, bool IsEstimated, long DurationMs);

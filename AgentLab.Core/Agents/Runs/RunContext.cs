using AgentLab.Core.Sessions;
using AgentLab.Core.Tools;

namespace AgentLab.Core.Agents.Runs;

/// <summary>What the steps of one run share. Nothing in it is shared with another session.</summary>
internal sealed record RunContext(
    SessionSummary Session, Agent Agent, RunFold Fold, Conversation Conversation, RunJournal Journal, IReadOnlyList<Tool> Tools)
{
    /// <summary>The last sequence of the conversation that the next prompt is made from.</summary>
    public long ContextThrough { get; set; }
}

using AgentLab.Core.Agents;
using AgentLab.Core.Approvals;
using AgentLab.Web.Shared;

namespace AgentLab.Web.Features.Agents;

/// <summary>What an agent's state and type are called.</summary>
internal static class AgentWords
{
    public static (Status Status, string Word) Of(AgentStatus status) => status switch
    {
        AgentStatus.Active => (Status.Done, "Active"),
        AgentStatus.Disabled => (Status.Cancelled, "Disabled"),
        AgentStatus.Archived => (Status.Cancelled, "Archived"),
        _ => (Status.Waiting, "Draft"),
    };

    public static string Of(AskWhen when) => when switch
    {
        AskWhen.Effects => "Every call that changes or reaches something",
        AskWhen.All => "Every call",
        AskWhen.Never => "No call but those ticked",
        _ => "Calls that cannot be taken back or repeated",
    };

    public static string Of(AgentType type) => type switch
    {
        AgentType.Task => "Task",
        AgentType.Research => "Research",
        AgentType.Builder => "Builder",
        _ => "Chat",
    };
}

using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Web.Features.Workflows.Runs;
using AgentLab.Web.Shared;

namespace AgentLab.Web.Features.Lab.View;

/// <summary>What an agent asks before it calls a tool: it stands in the tool's card.</summary>
internal static class ToolQuestions
{
    private const string Rejected = "approval_rejected";
    private const string Expired = "approval_expired";

    /// <summary>Takes in a question about a call, or its answer; false for anything else.</summary>
    public static bool Apply(RunTurn run, SessionEvent e, EventData data)
    {
        switch (data)
        {
            case ApprovalRequested { CallId: { } callId, Tool: { } name } asked:
                var tool = run.Tool(callId);
                if (tool is null)
                {
                    tool = new ToolPart(callId, name, e.Sequence);
                    run.Parts.Add(tool);
                }

                tool.Approval = new ApprovalView(asked, null, e.At);
                tool.Status = Status.NeedsPerson;
                tool.Effect = asked.Effect;
                if (asked.Details?.Value is { } arguments)
                {
                    tool.Arguments = PrettyJson.Indent(arguments);
                    tool.Summary = ConversationView.OneLine(arguments);
                }

                return true;
            case ApprovalDecided decided when Find(run, decided.ApprovalId) is { } asking:
                asking.Approval!.Decided = decided;
                asking.Status = Status.Running;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Whether a call was not made because of what a person said, or nobody said anything.</summary>
    public static bool WasRefused(ToolFailed failed) => failed.Code is Rejected or Expired;

    /// <summary>What a later window knows of a question that an earlier one asked.</summary>
    public static void Join(ToolPart asked, RunTurn tail)
    {
        if (asked.Approval is { } approval && tail.Decisions.Find(decision => decision.ApprovalId == approval.Asked.ApprovalId) is { } decided)
        {
            approval.Decided = decided;
        }
    }

    private static ToolPart? Find(RunTurn run, Guid approval) => run.Parts.OfType<ToolPart>().LastOrDefault(part => part.Approval?.Asked.ApprovalId == approval);
}

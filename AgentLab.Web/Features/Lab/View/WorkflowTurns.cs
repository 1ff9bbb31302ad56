using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Web.Features.Workflows.Runs;
using AgentLab.Web.Shared;

namespace AgentLab.Web.Features.Lab.View;

/// <summary>What a workflow's run shows in the conversation beyond what an agent's does: what it asks people, and its output as its answer. Its nodes are in the timeline.</summary>
internal static class WorkflowTurns
{
    private const string AnswerStep = "run.output";

    /// <summary>Takes in an event of a workflow; false when it is not one that only workflows have.</summary>
    public static bool Apply(RunTurn run, SessionEvent e, EventData data)
    {
        switch (data)
        {
            case ApprovalRequested asked:
                run.Approvals.Add(new ApprovalView(asked, e.StepId is null ? null : RunView.OuterNode(e.StepId), e.At));
                return true;
            case ApprovalDecided decided:
                Decide(run, decided);
                return true;
            case NodeStarted or NodeWaiting or NodeResumed or NodeCompleted:
                run.IsWorkflow = true;
                return true;
            case NodeFailed { RetryMs: not null } failed:
                run.Parts.Add(new NotePart(Status.NeedsPerson, $"{failed.Node} is tried again: {failed.Message}"));
                return true;
            default:
                return data is NodeFailed;
        }
    }

    /// <summary>The output takes the place of what models said on the way: that stays in the timeline.</summary>
    public static void Answer(RunTurn run, RunCompleted completed)
    {
        if (completed.Output is not { } output)
        {
            return;
        }

        run.IsWorkflow = true;
        run.Parts.RemoveAll(part => part is TextPart);
        var words = output.Blob is null ? AnswerText.Of(output.Value ?? default) : output.Preview ?? string.Empty;
        if (words.Length > 0)
        {
            var answer = new TextPart(AnswerStep, run.Sequence) { IsOutput = true };
            answer.Complete(new TextContent(words, output.Blob, output.Size));
            run.Parts.Add(answer);
        }
    }

    /// <summary>A run whose events were read in two windows.</summary>
    public static void Join(RunTurn head, RunTurn tail)
    {
        tail.IsWorkflow |= head.IsWorkflow;
        var decided = tail.Decisions.ToDictionary(decision => decision.ApprovalId);
        foreach (var approval in head.Approvals)
        {
            approval.Decided ??= decided.GetValueOrDefault(approval.Asked.ApprovalId);
        }

        tail.Approvals.InsertRange(0, head.Approvals);
    }

    private static void Decide(RunTurn run, ApprovalDecided decided)
    {
        run.Decisions.Add(decided);
        var asked = run.Approvals.Find(approval => approval.Asked.ApprovalId == decided.ApprovalId);
        if (asked is not null)
        {
            asked.Decided = decided;
        }

        var (status, word) = decided.Decision switch
        {
            "approved" => (Status.Done, "Approved"),
            "submitted" => (Status.Done, "Filled in"),
            "rejected" => (Status.Cancelled, "Rejected"),
            _ => (Status.Waiting, "Nobody answered in time"),
        };
        run.Parts.Add(new NotePart(status, asked is null ? word : $"{word}: {asked.Asked.Title}"));
    }
}

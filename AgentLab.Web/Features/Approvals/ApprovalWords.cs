using AgentLab.Core.Sessions.Events;
using AgentLab.Web.Shared;

namespace AgentLab.Web.Features.Approvals;

/// <summary>What questions and answers are called.</summary>
internal static class ApprovalWords
{
    /// <summary>What approving does, in a sentence.</summary>
    public static string Effect(ApprovalRequested asked) => asked.Effect switch
    {
        "read" => "It only reads what AgentLab holds.",
        "write" => "It changes something that AgentLab holds.",
        "external" => "It reaches something outside AgentLab; what happens there cannot be taken back.",
        _ => "",
    };

    /// <summary>An answer in a sentence.</summary>
    public static string Of(ApprovalDecided decided)
    {
        var what = decided switch
        {
            { Decision: "approved", ForSession: true } => "Approved, and allowed for this session.",
            { Decision: "approved", Data: not null } => "Approved with changed arguments.",
            { Decision: "approved" } => "Approved.",
            { Decision: "submitted" } => "Filled in.",
            { Decision: "rejected" } => "Rejected.",
            _ => "Nobody answered in time.",
        };
        return string.IsNullOrEmpty(decided.Reason) ? what : $"{what} {decided.Reason}";
    }

    /// <summary>How a question stands, for a badge.</summary>
    public static (Status Status, string Word) Of(string? decision) => decision switch
    {
        null => (Status.NeedsPerson, "Waits for you"),
        "approved" => (Status.Done, "Approved"),
        "submitted" => (Status.Done, "Filled in"),
        "rejected" => (Status.Cancelled, "Rejected"),
        "expired" => (Status.Waiting, "Expired"),
        _ => (Status.Cancelled, "Run ended before"),
    };
}

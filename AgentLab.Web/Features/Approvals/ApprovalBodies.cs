using System.Text.Json;
using AgentLab.Core.Approvals;

namespace AgentLab.Web.Features.Approvals;

/// <summary>Answer a question.</summary>
internal sealed record ApprovalDecisionRequest
{
    /// <summary>approve (yes, or the form is submitted) or reject.</summary>
    public string? Decision { get; init; }

    /// <summary>The hash of the question that was looked at.</summary>
    public string? Hash { get; init; }

    /// <summary>The arguments to call the tool with in place of those that were asked about; checked against the tool's schema, at most 20 KB.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>The form's values, or the details of a workflow's approval as edited.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Why, at most 1,000 characters. The model is told the reason of a rejection.</summary>
    public string? Reason { get; init; }

    /// <summary>true: the agent may call that tool without asking for the rest of the session. Only with approve, and only for a tool's call.</summary>
    public bool? ForSession { get; init; }
}

/// <summary>A question of a run.</summary>
internal sealed record ApprovalResponse
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>tool (a call that an agent wants to make), approval (yes or no, of a workflow) or form.</summary>
    public required string Kind { get; init; }

    /// <summary>pending, approved, rejected, submitted, expired, or withdrawn (the run ended before anyone answered).</summary>
    public required string Status { get; init; }

    /// <summary>One line.</summary>
    public required string Title { get; init; }

    /// <summary>Markdown; what the tool does, for a tool's call.</summary>
    public required string Message { get; init; }

    /// <summary>The value that is approved: the arguments of a tool's call.</summary>
    public required JsonElement? Details { get; init; }

    /// <summary>What an answer must name.</summary>
    public required string Hash { get; init; }

    /// <summary>JSON Schema of what is filled in.</summary>
    public required JsonElement? Form { get; init; }

    /// <summary>The tool that would be called; null when a workflow asks.</summary>
    public required string? Tool { get; init; }

    /// <summary>What the call changes: read, write or external; null when a workflow asks.</summary>
    public required string? Effect { get; init; }

    /// <summary>The agent that asks; null where a workflow does.</summary>
    public required Guid? AgentId { get; init; }

    /// <summary>The workflow that asks; null where an agent does.</summary>
    public required Guid? WorkflowId { get; init; }

    /// <summary>The name of the agent or the workflow that asks.</summary>
    public required string AskedBy { get; init; }

    /// <summary>When it was asked.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>When it can no longer be answered; null for never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The project of the run.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>The run that asks.</summary>
    public required Guid RunId { get; init; }

    /// <summary>Its session.</summary>
    public required string SessionId { get; init; }

    /// <summary>The session's title.</summary>
    public required string SessionTitle { get; init; }

    /// <summary>The step that waits.</summary>
    public required string StepId { get; init; }

    /// <summary>When it was answered or came to nothing.</summary>
    public required DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Who answered; null while nobody has.</summary>
    public required Guid? DecidedBy { get; init; }

    /// <summary>Why, in the person's words.</summary>
    public required string? Reason { get; init; }

    /// <summary>The form's values, or the details or arguments as the person edited them.</summary>
    public required JsonElement? DecidedData { get; init; }

    /// <summary>The hash of the question with the edited details: what the call is bound to in place of <see cref="Hash"/>.</summary>
    public required string? DecidedHash { get; init; }

    /// <summary>Whether the tool was allowed for the session.</summary>
    public required bool ForSession { get; init; }

    public static ApprovalResponse Of(Approval approval)
    {
        var (asked, entry, decided) = (approval.Asked, approval.Entry, approval.Decided);
        return new ApprovalResponse
        {
            Id = asked.ApprovalId,
            Kind = asked.Kind,
            Status = entry.Decision ?? "pending",
            Title = asked.Title,
            Message = asked.Message,
            Details = approval.Details,
            Hash = asked.Hash,
            Form = asked.Form,
            Tool = asked.Tool,
            Effect = asked.Effect,
            AgentId = entry.Agent?.Id,
            WorkflowId = entry.Workflow?.Id,
            AskedBy = entry.WorkerName,
            AskedAt = entry.Wait.Since,
            ExpiresAt = asked.ExpiresAt,
            ProjectId = entry.ProjectId,
            RunId = entry.Wait.RunId.Value,
            SessionId = entry.Wait.SessionId.Value,
            SessionTitle = entry.SessionTitle,
            StepId = entry.Wait.StepId,
            DecidedAt = entry.EndedAt,
            DecidedBy = decided?.By,
            Reason = decided?.Reason,
            DecidedData = decided?.Data?.Value,
            DecidedHash = decided?.DataHash,
            ForSession = decided?.ForSession == true,
        };
    }
}

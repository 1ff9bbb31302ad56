using AgentLab.Core.Sessions;

namespace AgentLab.Web.Features.Sessions;

/// <summary>Start a session.</summary>
internal sealed record StartSessionRequest
{
    /// <summary>The agent's id or slug, for example <c>analyst</c>. Left out when <c>workflow</c> is given.</summary>
    public string? Agent { get; init; }

    /// <summary>In place of an agent, the id or slug of a published workflow that is switched on and begins with a message (<c>chat_trigger</c>).</summary>
    public string? Workflow { get; init; }

    /// <summary>The first message.</summary>
    public string? Message { get; init; }

    /// <summary>Ids of files uploaded before with <c>POST /api/v1/attachments</c>.</summary>
    public IReadOnlyList<Guid>? Attachments { get; init; }
}

/// <summary>Send a message.</summary>
internal sealed record SendMessageRequest
{
    /// <summary>The message.</summary>
    public string? Text { get; init; }

    /// <summary>The sequence of the earlier message that this one takes the place of (edit and resend).</summary>
    public long? Replaces { get; init; }

    /// <summary>Ids of files uploaded before with <c>POST /api/v1/attachments</c>.</summary>
    public IReadOnlyList<Guid>? Attachments { get; init; }
}

/// <summary>Add a note.</summary>
internal sealed record AddNoteRequest
{
    /// <summary>The remark, as long as a message may be.</summary>
    public string? Text { get; init; }
}

/// <summary>Change a session.</summary>
internal sealed record ChangeSessionRequest
{
    /// <summary>The new title, 1 to 200 characters.</summary>
    public string? Title { get; init; }
}

/// <summary>Answer the question of a run that paused because a step's outcome is unknown.</summary>
internal sealed record DecideRequest
{
    /// <summary><c>repeat</c>: it did not take effect, call the tool again. <c>goOn</c>: go on without its result.</summary>
    public OutcomeDecision? Decision { get; init; }
}

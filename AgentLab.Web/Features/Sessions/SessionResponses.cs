using System.Text.Json.Serialization;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Web.Features.Sessions;

/// <summary>A session without its events.</summary>
internal sealed record SessionResponse
{
    /// <summary>The session's id.</summary>
    public required string Id { get; init; }

    /// <summary>What it is called.</summary>
    public required string Title { get; init; }

    /// <summary>Where its newest run stands.</summary>
    public required SessionStatus Status { get; init; }

    /// <summary>The epoch of the store; part of a position in a stream.</summary>
    public required string Epoch { get; init; }

    /// <summary>The sequence of its last event.</summary>
    public required long Head { get; init; }

    /// <summary>The agent that answers in it, as it was when the session began; null in a workflow's session.</summary>
    public required SessionAgent? Agent { get; init; }

    /// <summary>The workflow that runs in it, as it was when the session began; null in an agent's session.</summary>
    public required WorkflowReference? Workflow { get; init; }

    /// <summary>The run that is going on or waiting; null when none is.</summary>
    public required Guid? ActiveRunId { get; init; }

    /// <summary>How many messages people sent.</summary>
    public required int Messages { get; init; }

    /// <summary>Tokens and cost of all its model calls.</summary>
    public required UsageTotals Usage { get; init; }

    /// <summary>The person who owns it.</summary>
    public required Guid OwnerId { get; init; }

    /// <summary>The project it belongs to.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its newest event was appended.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    public static SessionResponse Of(SessionSummary session, string epoch) => new()
    {
        Id = session.Id.Value,
        Title = session.Title,
        Status = session.Status,
        Epoch = epoch,
        Head = session.Head,
        Agent = session is { AgentId: { } agent, AgentVersion: { } version } ? new SessionAgent(agent, version, session.AgentName ?? "") : null,
        Workflow = session.Workflow,
        ActiveRunId = session.ActiveRunId?.Value,
        Messages = session.Messages,
        Usage = session.Usage,
        OwnerId = session.OwnerId,
        ProjectId = session.ProjectId,
        CreatedAt = session.CreatedAt,
        UpdatedAt = session.UpdatedAt,
    };
}

/// <summary>The agent of a session.</summary>
/// <param name="Id">The agent's id.</param>
/// <param name="Version">The version that the session keeps.</param>
/// <param name="Name">Its name when the session began.</param>
internal sealed record SessionAgent(Guid Id, int Version, string Name);

/// <summary>Where a command landed, and the answer when the call waited for one.</summary>
internal sealed record CommandResponse
{
    /// <summary>The session's id.</summary>
    public required string Id { get; init; }

    /// <summary>The epoch of the store; part of a position in a stream.</summary>
    public required string Epoch { get; init; }

    /// <summary>The sequence of the session's last event now.</summary>
    public required long Head { get; init; }

    /// <summary>The sequence of the last event that this command wrote.</summary>
    public required long Sequence { get; init; }

    /// <summary>Where the session stands.</summary>
    public required SessionStatus Status { get; init; }

    /// <summary>The run that it started or that it concerns.</summary>
    public required Guid? RunId { get; init; }

    /// <summary>The whole answer of the agent or the workflow, when the call waited and the run completed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Answer { get; init; }

    /// <summary>Why the run failed, when the call waited and it did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunFault? Error { get; init; }

    public static CommandResponse Of(CommandReceipt receipt) => new()
    {
        Id = receipt.Session.Id.Value,
        Epoch = receipt.Epoch,
        Head = receipt.Session.Head,
        Sequence = receipt.Sequence,
        Status = receipt.Session.Status,
        RunId = receipt.RunId?.Value,
    };
}

/// <summary>Why a run failed.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Message">A sentence that a person can act on.</param>
/// <param name="CanRetry">Whether trying again can help.</param>
internal sealed record RunFault(string Code, string Message, bool CanRetry);

/// <summary>One page of a session's events.</summary>
internal sealed record EventPage
{
    /// <summary>The events in order, each in its committed bytes.</summary>
    public required IReadOnlyList<EncodedEvent> Events { get; init; }

    /// <summary>The sequence of the session's last event.</summary>
    public required long Head { get; init; }

    /// <summary>The epoch of the store; part of a position.</summary>
    public required string Epoch { get; init; }

    /// <summary>Hand it back as <c>after</c> for the next page.</summary>
    public required long NextAfter { get; init; }

    /// <summary>Where the session stands.</summary>
    public required SessionStatus Status { get; init; }

    /// <summary>True when the position asked for does not exist here: discard what you have, this page begins at 1.</summary>
    public required bool Resync { get; init; }
}

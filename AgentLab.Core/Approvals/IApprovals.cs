using System.Text.Json;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Core.Approvals;

/// <summary>What runs ask of people: calls that agents want to make, and approvals and forms of workflows. Pages, API and command line all come through here.</summary>
public interface IApprovals
{
    /// <summary>
    /// Records a person's answer, durably; the run goes on. Each question is answered once, in time, by the run's owner or an administrator who may edit, and to exactly what was asked.
    /// Errors: <c>not_found</c>, <c>approval_decided</c>, <c>approval_expired</c>, <c>approval_changed</c> (the hash is another), <c>invalid</c> (form values or arguments, each field
    /// named), <c>unavailable</c> (nothing was recorded).
    /// </summary>
    Task<Outcome<Approval>> DecideAsync(ApprovalAnswer answer, Actor actor, CancellationToken cancellationToken);

    /// <summary>The question with what became of it; null when there is none or the actor may not see it.</summary>
    ValueTask<Approval?> FindAsync(Guid id, Actor actor, CancellationToken cancellationToken);

    /// <summary>One page of the questions that the actor may see.</summary>
    ValueTask<Page<Approval>> ListAsync(ApprovalQuery query, Actor actor, CancellationToken cancellationToken);

    /// <summary>How many open questions wait for the actor: those of its own runs, at most <paramref name="most"/>.</summary>
    ValueTask<int> CountOpenAsync(Actor actor, int most, CancellationToken cancellationToken);
}

/// <summary>Which questions to list.</summary>
public sealed record ApprovalQuery
{
    /// <summary>True for those that were answered or came to nothing, newest first; false for the open ones, oldest first.</summary>
    public bool Decided { get; init; }

    /// <summary>Only those of runs in this project.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>Only those of the actor's own runs. It makes a difference for administrators, who see everyone's.</summary>
    public bool Mine { get; init; }

    /// <summary>Where the page before ended; null for the first one.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many, 1 to 100.</summary>
    public int Limit { get; init; } = 20;
}

/// <summary>A question of a run, and its answer.</summary>
public sealed record Approval
{
    /// <summary>What was asked.</summary>
    public required ApprovalRequested Asked { get; init; }

    /// <summary>The value that is approved, whole; null for none.</summary>
    public JsonElement? Details { get; init; }

    /// <summary>Where it stands and for whom it waits.</summary>
    public required ApprovalEntry Entry { get; init; }

    /// <summary>The answer; null while it is open, or when the run ended before anyone answered.</summary>
    public ApprovalDecided? Decided { get; init; }
}

/// <summary>A question as its row has it.</summary>
/// <param name="Wait">What waits for the answer.</param>
/// <param name="ProjectId">The run's project.</param>
/// <param name="SessionTitle">The title of the run's session.</param>
/// <param name="Agent">The agent that asks; null where a workflow does.</param>
/// <param name="Workflow">The workflow that asks; null where an agent does.</param>
/// <param name="WorkerName">The name of whoever asks.</param>
/// <param name="Decision"><c>approved</c>, <c>rejected</c>, <c>submitted</c>, <c>expired</c>, or <c>withdrawn</c> (the run ended before); null while it is open.</param>
/// <param name="EndedAt">When it was answered or came to nothing.</param>
/// <param name="DecidedSequence">The event that holds the answer; null while there is none.</param>
/// <param name="Position">Its place in the list, for the next page.</param>
public sealed record ApprovalEntry(
    RunWait Wait, Guid ProjectId, string SessionTitle, AgentReference? Agent, WorkflowReference? Workflow, string WorkerName, string? Decision, DateTimeOffset? EndedAt,
    long? DecidedSequence, string Position);

/// <summary>The rows of questions, which are committed with their events.</summary>
public interface IApprovalStore
{
    /// <summary>The question, whoever asks; null when there is none or its session was deleted.</summary>
    ValueTask<ApprovalEntry?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Questions after the query's cursor, one more than its limit if there are; only this owner's, or all for null. An unreadable cursor starts at the beginning.</summary>
    ValueTask<IReadOnlyList<ApprovalEntry>> ListAsync(ApprovalQuery query, Guid? owner, CancellationToken cancellationToken);

    /// <summary>How many open questions the owner's runs ask, at most <paramref name="most"/>.</summary>
    ValueTask<int> CountOpenAsync(Guid owner, int most, CancellationToken cancellationToken);
}

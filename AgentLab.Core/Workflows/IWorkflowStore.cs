using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Core.Workflows;

/// <summary>
/// The workflows. Every call names who asks; what the asker may not see reads as <c>not_found</c>. A workflow has one draft, which every gesture changes under a
/// rising revision, and published versions, which never change.
/// </summary>
public interface IWorkflowStore
{
    /// <summary>One page, most recently changed first.</summary>
    ValueTask<Page<WorkflowSummary>> ListAsync(WorkflowQuery query, Actor actor, CancellationToken cancellationToken);

    /// <summary>The workflow with this id or slug, with its draft; null when there is none for this actor.</summary>
    ValueTask<Workflow?> FindAsync(string idOrSlug, Actor actor, CancellationToken cancellationToken);

    /// <summary>Makes a workflow whose draft is this. Errors: <c>invalid</c>, <c>name_taken</c>, <c>forbidden</c>, <c>idempotency_key_reused</c>.</summary>
    Task<Outcome<Workflow>> CreateAsync(WorkflowDefinition definition, Actor actor, CancellationToken cancellationToken);

    /// <summary>
    /// Commits a gesture to the draft. It was made on revision <paramref name="baseRevision"/>; when others have committed since, it is merged if it touches other things, else
    /// refused with <c>edit_conflict</c> and nothing is overwritten. The same <paramref name="gesture"/> twice takes effect once.
    /// </summary>
    Task<Outcome<DraftCommit>> CommitAsync(
        Guid id, long baseRevision, Guid gesture, string label, IReadOnlyList<WorkflowOperation> operations, Actor actor, CancellationToken cancellationToken);

    /// <summary>Puts a whole definition in the draft's place (PUT, restore, import over). Errors: <c>edit_conflict</c> unless the draft is at <paramref name="expectedRevision"/>.</summary>
    Task<Outcome<Workflow>> ReplaceAsync(Guid id, long expectedRevision, WorkflowDefinition definition, Actor actor, CancellationToken cancellationToken);

    /// <summary>Makes the draft the newest published version. Errors: <c>invalid</c> (each problem), <c>edit_conflict</c>, <c>hook_taken</c> (another workflow has that webhook address).</summary>
    Task<Outcome<Workflow>> PublishAsync(Guid id, long expectedRevision, string note, Actor actor, CancellationToken cancellationToken);

    /// <summary>Switches its triggers (webhook, event) off or on; runs by hand stay possible.</summary>
    Task<Outcome<Workflow>> SetActiveAsync(Guid id, bool active, Actor actor, CancellationToken cancellationToken);

    /// <summary>
    /// Offers its published version in the gallery, for everyone to make copies of, or takes it out again. Errors: <c>not_found</c>, <c>forbidden</c>, <c>workflow_not_published</c>.
    /// </summary>
    Task<Outcome<Workflow>> SetOfferedAsync(Guid id, bool offered, Actor actor, CancellationToken cancellationToken);

    /// <summary>One page of the published versions, newest first; empty when the actor may not see the workflow.</summary>
    /// <param name="id">The workflow.</param>
    /// <param name="cursor">Where the page before ended; null for the first.</param>
    /// <param name="limit">How many, 1 to 100.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FormatException">The cursor is not one of this list.</exception>
    ValueTask<Page<WorkflowVersion>> VersionsAsync(Guid id, string? cursor, int limit, Actor actor, CancellationToken cancellationToken);

    /// <summary>A published version; null when there is none for this actor.</summary>
    ValueTask<WorkflowVersion?> FindVersionAsync(Guid id, int version, Actor actor, CancellationToken cancellationToken);

    /// <summary>Deletes a workflow: gone from lists, its hooks answer 404, its runs and versions stay readable for those who may see the runs.</summary>
    Task<Outcome<Workflow>> DeleteAsync(Guid id, Actor actor, CancellationToken cancellationToken);

    /// <summary>Runs of a workflow, newest first.</summary>
    ValueTask<Page<WorkflowRunSummary>> RunsAsync(WorkflowRunQuery query, Actor actor, CancellationToken cancellationToken);
}

/// <summary>Which workflows to list.</summary>
public sealed record WorkflowQuery
{
    /// <summary>Only those whose name contains this text, letters compared without case.</summary>
    public string? Text { get; init; }

    /// <summary>Only those with this tag.</summary>
    public string? Tag { get; init; }

    /// <summary>Only this project's.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>Only those that are offered in the gallery.</summary>
    public bool Offered { get; init; }

    /// <summary>The opaque cursor of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many, 1 to 100. Default: 20.</summary>
    public int Limit { get; init; } = 20;
}

/// <summary>Which runs to list.</summary>
public sealed record WorkflowRunQuery
{
    /// <summary>Only this workflow's.</summary>
    public Guid? Workflow { get; init; }

    /// <summary>Only this status: <c>running</c>, <c>waiting</c>, <c>completed</c>, <c>failed</c>, <c>cancelled</c>.</summary>
    public string? Status { get; init; }

    /// <summary>The opaque cursor of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many, 1 to 100. Default: 20.</summary>
    public int Limit { get; init; } = 20;
}

/// <summary>A workflow without its graph.</summary>
/// <param name="Id">The identity.</param>
/// <param name="Slug">The readable identity, made from the first name and never changed.</param>
/// <param name="Name">The draft's name.</param>
/// <param name="Description">The draft's description.</param>
/// <param name="Tags">The draft's tags.</param>
/// <param name="Nodes">How many nodes the draft has.</param>
/// <param name="Revision">The draft's revision, from 1.</param>
/// <param name="PublishedVersion">The newest published version; null for none.</param>
/// <param name="HasChanges">Whether the draft differs from it.</param>
/// <param name="Active">Whether its triggers are on.</param>
/// <param name="OwnerId">Who made it.</param>
/// <param name="ProjectId">The project it belongs to.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When the draft last changed.</param>
/// <param name="LastRun">Its newest run.</param>
public sealed record WorkflowSummary(
    Guid Id, string Slug, string Name, string Description, IReadOnlyList<string> Tags, int Nodes, long Revision, int? PublishedVersion, bool HasChanges, bool Active,
    Guid OwnerId, Guid ProjectId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, WorkflowRunSummary? LastRun)
{
    /// <summary>Whether its published version is offered in the gallery.</summary>
    public bool Offered { get; init; }
}

/// <summary>A workflow with its draft.</summary>
/// <param name="Summary">What lists show.</param>
/// <param name="Draft">The definition that is being edited.</param>
public sealed record Workflow(WorkflowSummary Summary, WorkflowDefinition Draft)
{
    /// <summary>The identity.</summary>
    public Guid Id => Summary.Id;

    /// <summary>The draft's revision.</summary>
    public long Revision => Summary.Revision;
}

/// <summary>A gesture that is in the draft.</summary>
/// <param name="Revision">The draft's revision with it.</param>
/// <param name="Definition">The draft with it.</param>
/// <param name="Merged">True when others had committed since the base revision: the committer's canvas must take theirs in.</param>
public sealed record DraftCommit(long Revision, WorkflowDefinition Definition, bool Merged);

/// <summary>A published version.</summary>
/// <param name="Version">From 1.</param>
/// <param name="PublishedAt">When.</param>
/// <param name="PublishedBy">Who.</param>
/// <param name="Note">What changed, in the publisher's words.</param>
/// <param name="Definition">The definition.</param>
public sealed record WorkflowVersion(int Version, DateTimeOffset PublishedAt, Guid PublishedBy, string Note, WorkflowDefinition Definition);

/// <summary>A run in a list.</summary>
/// <param name="RunId">The run.</param>
/// <param name="SessionId">Its session.</param>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="WorkflowName">Its name then.</param>
/// <param name="Version">The version; 0 for a draft.</param>
/// <param name="Status">As in the query.</param>
/// <param name="Trigger">What started it.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="ErrorCode">Why it failed.</param>
/// <param name="Steps">How many steps it took.</param>
public sealed record WorkflowRunSummary(
    RunId RunId, SessionId SessionId, Guid WorkflowId, string WorkflowName, int Version, string Status, string Trigger, DateTimeOffset StartedAt, DateTimeOffset? EndedAt,
    string? ErrorCode, int Steps);

/// <summary>Who has a workflow open, and what they commit: how two people see each other.</summary>
public interface IWorkflowRooms
{
    /// <summary>Enters the room of a workflow. Dispose to leave. <paramref name="changed"/> is called off the caller's thread, in order, and must not block.</summary>
    IDisposable Enter(Guid workflow, RoomMember member, Action<RoomChange> changed);

    /// <summary>Who is in the room now, in order of entering.</summary>
    IReadOnlyList<RoomMember> Members(Guid workflow);

    /// <summary>Tells the room of a commit or a publication; called by the store after the transaction.</summary>
    void Announce(Guid workflow, RoomChange change);
}

/// <summary>Someone with the workflow open.</summary>
/// <param name="Key">This page, unique.</param>
/// <param name="UserId">The person.</param>
/// <param name="Name">What the person is called.</param>
public sealed record RoomMember(Guid Key, Guid UserId, string Name);

/// <summary>Something happened to a workflow that others have open.</summary>
/// <param name="Kind"><c>committed</c>, <c>replaced</c>, <c>published</c>, <c>deleted</c>, <c>members</c>.</param>
/// <param name="Revision">The draft's revision after it.</param>
/// <param name="Gesture">The gesture, so that its maker knows it.</param>
/// <param name="By">Who did it.</param>
/// <param name="Operations">What was committed.</param>
/// <param name="Label">What the gesture was called.</param>
public sealed record RoomChange(string Kind, long Revision, Guid? Gesture, Guid? By, IReadOnlyList<WorkflowOperation> Operations, string Label);

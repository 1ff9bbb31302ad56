using AgentLab.Core.Identity;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Sessions;

/// <summary>
/// What people do to sessions; pages, API and command line all come through here. Each command checks the actor's right, the input's bounds and the
/// idempotency key, and answers only after the commit.
/// </summary>
public interface ISessionCommands
{
    /// <summary>
    /// Makes a session with an agent or a workflow, its first message and its first run. Errors: <c>invalid</c>, <c>not_found</c> (agent or workflow), <c>agent_disabled</c>,
    /// <c>workflow_not_published</c>, <c>workflow_inactive</c>, <c>too_many_runs</c>, <c>forbidden</c>, <c>idempotency_key_reused</c>.
    /// </summary>
    Task<Outcome<CommandReceipt>> StartAsync(StartSession command, Actor actor, CancellationToken cancellationToken);

    /// <summary>
    /// Sends a message and starts a run that answers it: of the agent, or of the workflow when somebody began to talk to it here. Errors: as above, <c>run_active</c> and
    /// <c>workflow_session</c> (the session belongs to a run that was started otherwise).
    /// </summary>
    Task<Outcome<CommandReceipt>> SendAsync(SendMessage command, Actor actor, CancellationToken cancellationToken);

    /// <summary>Answers the newest message again in a new run. Errors: <c>run_active</c>, <c>nothing_to_retry</c>.</summary>
    Task<Outcome<CommandReceipt>> RetryAsync(SessionId sessionId, RequestKey? requestKey, Actor actor, CancellationToken cancellationToken);

    /// <summary>Asks the session's run to stop; it ends soon after. Errors: <c>run_not_active</c>.</summary>
    Task<Outcome<CommandReceipt>> StopAsync(SessionId sessionId, Actor actor, CancellationToken cancellationToken);

    /// <summary>Answers the question of a run that paused because a step's outcome is unknown. Errors: <c>run_not_paused</c>.</summary>
    Task<Outcome<CommandReceipt>> DecideAsync(SessionId sessionId, OutcomeDecision decision, Actor actor, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a remark into the session's log, whether or not a run goes on. It is for people: no model is shown it. Errors: <c>invalid</c> (empty, or longer than a message may be),
    /// <c>not_found</c>, <c>idempotency_key_reused</c>.
    /// </summary>
    Task<Outcome<CommandReceipt>> AddNoteAsync(AddNote command, Actor actor, CancellationToken cancellationToken);

    /// <summary>Gives the session another title, 1 to 200 characters.</summary>
    Task<Outcome<SessionSummary>> RenameAsync(SessionId sessionId, string title, Actor actor, CancellationToken cancellationToken);

    /// <summary>Deletes the session: it is gone from every list and stream at once; its rows stay until a retention rule removes them. Errors: <c>run_active</c>.</summary>
    Task<Outcome<SessionSummary>> DeleteAsync(SessionId sessionId, Actor actor, CancellationToken cancellationToken);
}

/// <summary>A client's key for one request: sent twice, it takes effect once.</summary>
/// <param name="Key">1 to 255 printable characters, unique for the asker within 24 hours.</param>
public sealed record RequestKey(string Key);

/// <summary>Start a session.</summary>
/// <param name="Agent">The agent's id or slug; null when a workflow is talked to.</param>
/// <param name="Text">The first message.</param>
public sealed record StartSession(string? Agent, string Text)
{
    /// <summary>The id or slug of the workflow to talk to, in place of an agent: published, switched on, and beginning with a message.</summary>
    public string? Workflow { get; init; }

    /// <summary>Files that come with it, uploaded before.</summary>
    public IReadOnlyList<Guid> Attachments { get; init; } = [];

    /// <summary>The client's key, if it gave one.</summary>
    public RequestKey? Key { get; init; }

    /// <summary>The task that the run is an attempt at: its text may be longer than a person's message.</summary>
    internal TaskReference? Task { get; init; }

    /// <summary>What the session is called; null for the beginning of the message.</summary>
    internal string? Title { get; init; }
}

/// <summary>Send a message.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Text">The message.</param>
public sealed record SendMessage(SessionId SessionId, string Text)
{
    /// <summary>Files that come with it, uploaded before.</summary>
    public IReadOnlyList<Guid> Attachments { get; init; } = [];

    /// <summary>The earlier message that this one takes the place of (edit-and-resend).</summary>
    public long? Replaces { get; init; }

    /// <summary>The client's key, if it gave one.</summary>
    public RequestKey? Key { get; init; }
}

/// <summary>Add a note.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Text">The remark.</param>
public sealed record AddNote(SessionId SessionId, string Text)
{
    /// <summary>The client's key, if it gave one.</summary>
    public RequestKey? Key { get; init; }
}

/// <summary>What a person says of a step whose outcome is unknown.</summary>
public enum OutcomeDecision
{
    /// <summary>It did not take effect: call the tool again.</summary>
    Repeat,

    /// <summary>It took effect or does not matter: go on without its result.</summary>
    GoOn,
}

/// <summary>Where a command landed.</summary>
/// <param name="Session">The session as it is now.</param>
/// <param name="RunId">The run that it started or that it concerns.</param>
/// <param name="Sequence">The last sequence that it wrote.</param>
/// <param name="Epoch">The epoch of the store.</param>
/// <param name="Replayed">True when the same request had landed before.</param>
public sealed record CommandReceipt(SessionSummary Session, RunId? RunId, long Sequence, string Epoch, bool Replayed);

/// <summary>Files that people upload to send along with a message.</summary>
public interface IAttachmentStore
{
    /// <summary>
    /// Keeps a file for its owner. Errors: <c>invalid</c> (name, type or size: at most the configured number of bytes; text, Markdown, CSV, JSON).
    /// </summary>
    Task<Outcome<Attachment>> SaveAsync(string name, string contentType, Stream content, Actor actor, CancellationToken cancellationToken);

    /// <summary>The uploaded files with these ids that belong to this actor, in that order; null when one is missing.</summary>
    ValueTask<IReadOnlyList<AttachmentReference>?> ResolveAsync(IReadOnlyList<Guid> ids, Actor actor, CancellationToken cancellationToken);
}

/// <summary>An uploaded file.</summary>
/// <param name="Id">Its identity until it is sent.</param>
/// <param name="File">The file.</param>
public sealed record Attachment(Guid Id, AttachmentReference File);

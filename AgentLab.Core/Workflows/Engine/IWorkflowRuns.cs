using System.Text.Json;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Starts, watches, stops and wakes runs of workflows. Pages, API, webhooks, the Lab and the command line all come through here.</summary>
public interface IWorkflowRuns
{
    /// <summary>
    /// Makes a session with one run of the workflow, durably, and starts it. Errors: <c>invalid</c> (the input, each field named; or the definition's problems),
    /// <c>not_found</c>, <c>workflow_not_published</c>, <c>forbidden</c>, <c>idempotency_key_reused</c>, <c>too_many_runs</c>.
    /// </summary>
    Task<Outcome<WorkflowRunReceipt>> StartAsync(StartWorkflowRun command, Actor actor, CancellationToken cancellationToken);

    /// <summary>
    /// Waits until the run has answered (respond node), ended or come to wait, at most so long; then says how it stands. Made to be called right after <see cref="StartAsync"/>
    /// in the same process: it misses nothing in between.
    /// </summary>
    Task<WorkflowRunState> WaitAsync(WorkflowRunReceipt run, TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>How a run stands; null when there is none or the actor may not see it.</summary>
    ValueTask<WorkflowRunState?> FindAsync(RunId run, Actor actor, CancellationToken cancellationToken);

    /// <summary>Cancels a run: running nodes are told at once, nothing starts any more. Errors: <c>not_found</c>, <c>run_not_active</c>.</summary>
    Task<Outcome<WorkflowRunState>> CancelAsync(RunId run, Actor actor, CancellationToken cancellationToken);

    /// <summary>Wakes a run that waits for a request under this key. Errors: <c>not_found</c>.</summary>
    Task<Outcome<WorkflowRunReceipt>> DeliverAsync(string key, JsonElement payload, CancellationToken cancellationToken);
}

/// <summary>Start a run.</summary>
public sealed record StartWorkflowRun
{
    /// <summary>The workflow's id or slug; null when <see cref="Definition"/> is run without being saved.</summary>
    public string? Workflow { get; init; }

    /// <summary>A version; null for the published one.</summary>
    public int? Version { get; init; }

    /// <summary>Run this (a draft, a file) in place of a saved version; it is kept with the session.</summary>
    public WorkflowDefinition? Definition { get; init; }

    /// <summary>The input, checked against the workflow's schema.</summary>
    public required JsonElement Input { get; init; }

    /// <summary>What started it: <c>manual</c>, <c>api</c>, <c>webhook</c>, <c>lab</c>, <c>workflow_event</c>, <c>task</c>, <c>schedule</c>, <c>command_line</c>.</summary>
    public string Trigger { get; init; } = "manual";

    /// <summary>The trigger node it starts at; null for the only or the manual one.</summary>
    public string? TriggerNode { get; init; }

    /// <summary>Start here: everything before it takes its pinned data, else the outputs of <see cref="ValuesFrom"/>.</summary>
    public string? FromNode { get; init; }

    /// <summary>Run this node alone.</summary>
    public string? OnlyNode { get; init; }

    /// <summary>An earlier run whose outputs stand in for nodes that are not run and have nothing pinned.</summary>
    public RunId? ValuesFrom { get; init; }

    /// <summary>Pinned outputs stand in for their nodes, and effects outside are described, not done.</summary>
    public bool DryRun { get; init; }

    /// <summary>The client's key, if it gave one.</summary>
    public RequestKey? Key { get; init; }

    /// <summary>The task that the run is an attempt at.</summary>
    internal TaskReference? Task { get; init; }
}

/// <summary>A run that is in the log.</summary>
/// <param name="SessionId">Its session.</param>
/// <param name="RunId">The run.</param>
/// <param name="Replayed">True when the same request had landed before.</param>
public sealed record WorkflowRunReceipt(SessionId SessionId, RunId RunId, bool Replayed)
{
    /// <summary>Where the run tells its answer, when it was started in this process.</summary>
    internal RunWatch? Watch { get; init; }

    /// <summary>The run as it was when it started, when it was started in this process.</summary>
    internal WorkflowRunState? Started { get; init; }
}

/// <summary>How a run stands.</summary>
public sealed record WorkflowRunState
{
    /// <summary>Its session.</summary>
    public required SessionId SessionId { get; init; }

    /// <summary>The run.</summary>
    public required RunId RunId { get; init; }

    /// <summary><c>running</c>, <c>waiting</c>, <c>completed</c>, <c>failed</c>, <c>cancelled</c>.</summary>
    public required string Status { get; init; }

    /// <summary>What it answered: the respond node's value or the output mapping's; null before.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>The respond node's status and headers, for the webhook that waits.</summary>
    public WorkflowResponse? Response { get; init; }

    /// <summary>Why it failed.</summary>
    public LabError? Error { get; init; }

    /// <summary>The workflow, its version (0 for a draft or file) and its name.</summary>
    public required WorkflowReference Workflow { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>What the respond node answers.</summary>
/// <param name="Status">HTTP status, 200 to 599.</param>
/// <param name="Headers">Allowed headers only.</param>
/// <param name="Body">The body; a text is sent as it is, anything else as JSON.</param>
public sealed record WorkflowResponse(int Status, IReadOnlyDictionary<string, string> Headers, JsonElement Body);

/// <summary>Which workflow a run belongs to.</summary>
/// <param name="Id">The workflow; empty for a file that was never saved.</param>
/// <param name="Version">The published version, from 1; 0 for a draft or a file.</param>
/// <param name="Name">Its name then.</param>
public sealed record WorkflowReference(Guid Id, int Version, string Name);

/// <summary>Published versions, for the engine: immutable, and cached.</summary>
public interface IWorkflowVersions
{
    /// <summary>The version, whoever asks; null when there is none.</summary>
    ValueTask<WorkflowDefinition?> FindAsync(Guid workflow, int version, CancellationToken cancellationToken);

    /// <summary>
    /// The workflow with this id or slug, whoever asks, with the given version or the published one; null when there is no such workflow or it was deleted. Asked at the start
    /// of every run: the answer comes from memory while nothing was published, deleted or switched.
    /// </summary>
    ValueTask<RunnableWorkflow?> ResolveAsync(string idOrSlug, int? version, CancellationToken cancellationToken);
}

/// <summary>A workflow as a run needs it.</summary>
/// <param name="Workflow">Its id, the version and its name then.</param>
/// <param name="OwnerId">Who owns it.</param>
/// <param name="ProjectId">The project it belongs to.</param>
/// <param name="Active">Whether its triggers are switched on.</param>
/// <param name="Definition">The version; null when none is published (or there is no such version).</param>
public sealed record RunnableWorkflow(WorkflowReference Workflow, Guid OwnerId, Guid ProjectId, bool Active, WorkflowDefinition? Definition);

using System.Text.Json;
using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes;

/// <summary>One execution of a node.</summary>
public sealed record NodeCall
{
    /// <summary>The node as it is drawn.</summary>
    public required WorkflowNode Node { get; init; }

    /// <summary>Its settings: defaults filled in, templates evaluated (but for fields with <c>x-template: false</c>), checked against the schema.</summary>
    public required JsonElement Settings { get; init; }

    /// <summary>
    /// The incoming value: that of the one live input, a list in edge order when several came together, null for none. For the role <see cref="NodeRole.Merge"/> always the list.
    /// </summary>
    public required JsonElement Data { get; init; }

    /// <summary>What templates see.</summary>
    public required ExpressionScope Scope { get; init; }

    /// <summary>The session that records the run.</summary>
    public required SessionId SessionId { get; init; }

    /// <summary>The run.</summary>
    public required RunId RunId { get; init; }

    /// <summary>The step: <c>node</c>, or <c>node[2.0]</c> inside loops.</summary>
    public required string StepId { get; init; }

    /// <summary>The attempt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The same for every attempt of the step: handed on to whatever is written to.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>On whose behalf the run works.</summary>
    public required Guid OwnerId { get; init; }

    /// <summary>The project it belongs to.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>True in a dry run: what changes something outside is described, not done.</summary>
    public bool DryRun { get; init; }

    /// <summary>What a person said of the inner step that <see cref="NodeResult.OutcomeUnknown"/> asked about; null when nobody was asked.</summary>
    public OutcomeDecision? Decision { get; init; }

    /// <summary>Records what happens inside the step (model and tool calls of an agent, artifacts) as events of it.</summary>
    public required INodeJournal Journal { get; init; }

    /// <summary>The session's files.</summary>
    public required IAttachmentReader Attachments { get; init; }
}

/// <summary>Writes events inside a step of a workflow run, durably, under the run's fence, and knows which were written before a crash.</summary>
public interface INodeJournal
{
    /// <summary>The events already recorded inside this step by earlier attempts or before a crash, in order, deltas left out.</summary>
    IReadOnlyList<SessionEvent> Recorded { get; }

    /// <summary>Appends events under <c>stepId/sub</c>, or under the step itself when <paramref name="sub"/> is null. Returns the first sequence.</summary>
    ValueTask<long> AppendAsync(string? sub, int attempt, IReadOnlyList<EventData> events, IReadOnlyList<Blob> blobs, CancellationToken cancellationToken);

    /// <summary>
    /// To be awaited before a further effect outside (the engine has done so before the node's first): completes while this process is certainly the run's owner.
    /// </summary>
    ValueTask HoldAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>How an execution ended.</summary>
public abstract record NodeResult
{
    /// <summary>It gave a value through one of its ports; the others stay dead.</summary>
    public sealed record Completed(JsonElement Output, string Port = "out") : NodeResult
    {
        /// <summary>Named results, recorded in the same append.</summary>
        public IReadOnlyList<ToolArtifact> Artifacts { get; init; } = [];

        /// <summary>One line for the timeline and the canvas, at most 200 characters.</summary>
        public string? Summary { get; init; }
    }

    /// <summary>It failed.</summary>
    /// <param name="Code">Stable, snake case.</param>
    /// <param name="Message">What happened and what to do, without secrets.</param>
    /// <param name="CanRetry">Whether another attempt can help; else the retry setting is not used.</param>
    public sealed record Failed(string Code, string Message, bool CanRetry = false) : NodeResult
    {
        /// <summary>When the other side said how long to wait; the node's longest pause bounds it.</summary>
        public TimeSpan? RetryAfter { get; init; }
    }

    /// <summary>The run waits here; only from an <see cref="IWaitingKind"/>.</summary>
    public sealed record Waits(NodeWait For) : NodeResult;

    /// <summary>Somebody must say how an inner step ended; the engine pauses the run and calls the node again with the <see cref="NodeCall.Decision"/>.</summary>
    /// <param name="What">What was called.</param>
    /// <param name="Question">What a person is asked.</param>
    /// <param name="CallId">The model's id of the call, where there is one.</param>
    public sealed record OutcomeUnknown(string What, string Question, string? CallId = null) : NodeResult;

    /// <summary>The value through <c>out</c>.</summary>
    public static NodeResult Of(JsonElement output) => new Completed(output);

    /// <summary>The value through a port.</summary>
    public static NodeResult Of(JsonElement output, string port) => new Completed(output, port);
}

/// <summary>What a run waits for. The first that comes ends it.</summary>
public sealed record NodeWait
{
    /// <summary><c>timer</c>, <c>webhook</c>, <c>approval</c> or <c>form</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>When it ends by itself; null for never.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The last part of the address that wakes it (<c>/hooks/wait/{key}</c>), unguessable; for <c>webhook</c>.</summary>
    public string? Key { get; init; }

    /// <summary>What a person is asked; for <c>approval</c> and <c>form</c>.</summary>
    public ApprovalQuestion? Question { get; init; }
}

/// <summary>What ended a wait.</summary>
/// <param name="Cause"><c>due</c>, <c>delivered</c>, <c>approved</c>, <c>rejected</c> or <c>submitted</c>.</param>
/// <param name="Data">What came: the request's body, the form's values, the details as a person edited them; null for none.</param>
/// <param name="By">Who decided.</param>
/// <param name="Reason">Why, in the person's words.</param>
public sealed record WaitEnd(string Cause, JsonElement? Data = null, Guid? By = null, string? Reason = null);

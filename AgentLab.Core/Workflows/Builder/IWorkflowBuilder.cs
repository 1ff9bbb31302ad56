using System.Text.Json;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Core.Workflows.Builder;

/// <summary>
/// Changes workflows by conversation. A person and a workflow have one durable session, in which the builder agent answers; it works on a copy of the draft, so that an
/// answer is a proposal: the draft stays as it is until the person commits operations of the proposal as a gesture.
/// </summary>
public interface IWorkflowBuilder
{
    /// <summary>
    /// Sends a message, durably, and starts the run that answers it. Errors: <c>invalid</c> (1 to 5,000 characters), <c>forbidden</c>, <c>builder_missing</c>,
    /// <c>agent_disabled</c>, <c>run_active</c>, <c>edit_conflict</c>, <c>idempotency_key_reused</c>. A message under a key that has landed is the same turn again, whatever became
    /// of the draft meanwhile.
    /// </summary>
    Task<Outcome<BuilderTurn>> StartAsync(BuilderAsk ask, Actor actor, CancellationToken cancellationToken);

    /// <summary>
    /// Waits for the answer. Errors: <c>model_unavailable</c> (no model answered), <c>builder_timeout</c> (it took too long and was stopped), <c>builder_stopped</c>,
    /// <c>builder_failed</c>. None of them touches the draft. Call it with a turn of <see cref="StartAsync"/> only, which has checked who asks.
    /// </summary>
    Task<Outcome<BuilderAnswer>> AnswerAsync(BuilderTurn turn, CancellationToken cancellationToken);

    /// <summary>What was said so far, oldest first, at most the newest 50 messages; null when this person has not talked about this workflow.</summary>
    ValueTask<BuilderConversation?> ConversationAsync(Guid workflow, Actor actor, CancellationToken cancellationToken);

    /// <summary>
    /// The operations of the changes that were chosen, with those that they need (an edge needs its nodes), so that they apply to the draft together.
    /// Errors: <c>invalid</c> when the draft has changed so much that they no longer do.
    /// </summary>
    Outcome<BuilderSelection> Select(WorkflowDefinition draft, BuilderDiff diff, IReadOnlyCollection<string> chosen);
}

/// <summary>The usual way of asking.</summary>
public static class WorkflowBuilderExtensions
{
    /// <summary>Sends a message and waits for the answer. Errors: those of both.</summary>
    public static async Task<Outcome<BuilderAnswer>> AskAsync(this IWorkflowBuilder builder, BuilderAsk ask, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var turn = await builder.StartAsync(ask, actor, cancellationToken);
        return turn.Ok ? await builder.AnswerAsync(turn.Value, cancellationToken) : Outcome<BuilderAnswer>.Failure(turn.Errors);
    }
}

/// <summary>What a person asks for.</summary>
/// <param name="Workflow">The workflow.</param>
/// <param name="Draft">The draft as the person sees it.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Message">What is to change, in the person's words.</param>
public sealed record BuilderAsk(WorkflowSummary Workflow, WorkflowDefinition Draft, long Revision, string Message)
{
    /// <summary>The revision that the person speaks of; another one by now is <c>edit_conflict</c>. Null for whichever it is.</summary>
    public long? Expected { get; init; }

    /// <summary>The ids of the selected nodes: what "it" and "here" mean.</summary>
    public IReadOnlyList<string> Selection { get; init; } = [];

    /// <summary>The client's key, if it gave one: the same message twice is asked once.</summary>
    public RequestKey? Key { get; init; }
}

/// <summary>A message that is in the log, and the run that answers it.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="RunId">The run.</param>
/// <param name="After">The last sequence before the run's own events.</param>
/// <param name="Replayed">True when the same request had landed before.</param>
public sealed record BuilderTurn(SessionId SessionId, RunId RunId, long After, bool Replayed = false);

/// <summary>What the builder answers.</summary>
public sealed record BuilderAnswer
{
    /// <summary>The session that records it.</summary>
    public required SessionId SessionId { get; init; }

    /// <summary>The run.</summary>
    public required RunId RunId { get; init; }

    /// <summary>The answer in words, Markdown.</summary>
    public required string Text { get; init; }

    /// <summary>What the builder understood the message to ask for, in order.</summary>
    public required IReadOnlyList<DetectedAction> DetectedActions { get; init; }

    /// <summary>The revision that the proposal is made on.</summary>
    public required long Revision { get; init; }

    /// <summary>The draft that the proposal is made on.</summary>
    public required WorkflowDefinition BaseGraph { get; init; }

    /// <summary>The draft as it would be.</summary>
    public required WorkflowDefinition UpdatedGraph { get; init; }

    /// <summary>How to get there.</summary>
    public required BuilderDiff Diff { get; init; }

    /// <summary>The calls that it made.</summary>
    public required IReadOnlyList<BuilderToolCall> ToolCalls { get; init; }

    /// <summary>What it could not map.</summary>
    public required IReadOnlyList<UnmappedPhrase> Unmapped { get; init; }

    /// <summary>Which model answered last, <c>provider/model</c>.</summary>
    public required string Model { get; init; }

    /// <summary>True when the rehearsal model answered, which is no language model.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>The provider in whose place the rehearsal model answered, because it did not; null otherwise.</summary>
    public string? StandsInFor { get; init; }
}

/// <summary>Something that the builder understood.</summary>
/// <param name="Action"><c>add</c>, <c>change</c>, <c>remove</c>, <c>connect</c> or <c>disconnect</c>.</param>
/// <param name="Label">What people call it: "Ask a person: Approve the refund".</param>
/// <param name="Node">The node it is about.</param>
/// <param name="Kind">The node's kind.</param>
/// <param name="Phrase">The words of the message that it stands for, when the model said so.</param>
public sealed record DetectedAction(string Action, string Label, string? Node, string? Kind, string? Phrase);

/// <summary>Part of a message that became nothing.</summary>
/// <param name="Phrase">The words.</param>
/// <param name="Reason">Why not, a sentence.</param>
/// <param name="Nearest">What comes nearest and how to ask for it; null when nothing does.</param>
public sealed record UnmappedPhrase(string Phrase, string Reason, string? Nearest);

/// <summary>A call of a tool.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">With what.</param>
/// <param name="Summary">What it did, one line; null when it only looked.</param>
/// <param name="Error">Why it did not work; null when it did.</param>
public sealed record BuilderToolCall(string Tool, JsonElement Arguments, string? Summary, string? Error);

/// <summary>A proposal.</summary>
/// <param name="Operations">All operations, in an order in which they apply.</param>
/// <param name="Changes">The same for people: each can be chosen by itself.</param>
public sealed record BuilderDiff(IReadOnlyList<WorkflowOperation> Operations, IReadOnlyList<BuilderChange> Changes)
{
    /// <summary>Nothing would change.</summary>
    public bool IsEmpty => Operations.Count == 0;
}

/// <summary>One change that a person can accept or leave.</summary>
/// <param name="Id">Names it in this proposal.</param>
/// <param name="Change"><c>added</c>, <c>changed</c> or <c>removed</c>.</param>
/// <param name="What"><c>node</c>, <c>edge</c>, <c>group</c>, <c>note</c>, <c>places</c> or <c>workflow</c>.</param>
/// <param name="Line">What people read: "Add Wait “Wait 2 hours”".</param>
/// <param name="Operations">The places of its operations in <see cref="BuilderDiff.Operations"/>.</param>
/// <param name="Needs">Other changes without which it cannot be.</param>
/// <param name="Items">The ids of what it concerns, for the preview.</param>
public sealed record BuilderChange(
    string Id, string Change, string What, string Line, IReadOnlyList<int> Operations, IReadOnlyList<string> Needs, IReadOnlyList<string> Items);

/// <summary>Chosen changes with what they need.</summary>
/// <param name="Changes">The ids of all changes that are in it.</param>
/// <param name="Operations">What to commit.</param>
/// <param name="Definition">The draft with them.</param>
public sealed record BuilderSelection(IReadOnlyList<string> Changes, IReadOnlyList<WorkflowOperation> Operations, WorkflowDefinition Definition);

/// <summary>What a person and the builder said about a workflow.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Exchanges">Oldest first.</param>
public sealed record BuilderConversation(SessionId SessionId, IReadOnlyList<BuilderExchange> Exchanges);

/// <summary>A message and what became of it.</summary>
/// <param name="At">When it was sent.</param>
/// <param name="Message">The message.</param>
/// <param name="Turn">Its run.</param>
/// <param name="Answer">The answer; null while there is none.</param>
/// <param name="Error">Why there is none; null while the run goes on.</param>
public sealed record BuilderExchange(DateTimeOffset At, string Message, BuilderTurn Turn, BuilderAnswer? Answer, LabError? Error)
{
    /// <summary>Whether the run goes on.</summary>
    public bool IsRunning => Answer is null && Error is null;
}

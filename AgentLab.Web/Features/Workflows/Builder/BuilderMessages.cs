using System.Text.Json;
using AgentLab.Core.Workflows.Builder;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Web.Features.Workflows.Builder;

/// <summary>A message to the builder.</summary>
/// <param name="Message">What the workflow should do, 1 to 5,000 characters.</param>
/// <param name="Revision">The draft's revision that you see; another one by now is 409 <c>edit_conflict</c>. Default: the newest.</param>
/// <param name="Selection">The ids of the selected nodes: what "it" and "here" mean.</param>
internal sealed record BuilderMessageRequest(string? Message, long? Revision = null, IReadOnlyList<string>? Selection = null);

/// <summary>The builder's answer: a proposal. The draft is as it was.</summary>
internal sealed record BuilderAnswerResponse
{
    /// <summary>The answer in words, Markdown.</summary>
    public required string Text { get; init; }

    /// <summary>What the builder understood, in order.</summary>
    public required IReadOnlyList<DetectedAction> DetectedActions { get; init; }

    /// <summary>The draft as it would be, in the format of <c>docs/workflow.schema.json</c>. PUT it to accept all of it.</summary>
    public required JsonElement UpdatedGraph { get; init; }

    /// <summary>The draft's revision that it is made on.</summary>
    public required long Revision { get; init; }

    /// <summary>How the draft would change.</summary>
    public required BuilderDiffResponse Diff { get; init; }

    /// <summary>The calls that the agent made.</summary>
    public required IReadOnlyList<BuilderToolCall> ToolCalls { get; init; }

    /// <summary>What it could not map, and what comes nearest.</summary>
    public required IReadOnlyList<UnmappedPhrase> Unmapped { get; init; }

    /// <summary>Which model answered, <c>provider/model</c>.</summary>
    public required string Model { get; init; }

    /// <summary>Whether that was the rehearsal model, which is built-in rules and no language model.</summary>
    public required bool Rehearsal { get; init; }

    /// <summary>The provider in whose place the rehearsal model answered; null when it was asked itself.</summary>
    public required string? StandsInFor { get; init; }

    /// <summary>The session that records the conversation.</summary>
    public required string SessionId { get; init; }

    /// <summary>The run that answered.</summary>
    public required Guid RunId { get; init; }

    public static BuilderAnswerResponse Of(BuilderAnswer answer) => new()
    {
        Text = answer.Text,
        DetectedActions = answer.DetectedActions,
        UpdatedGraph = DefinitionElement.Of(answer.UpdatedGraph),
        Revision = answer.Revision,
        Diff = BuilderDiffResponse.Of(answer.Diff),
        ToolCalls = answer.ToolCalls,
        Unmapped = answer.Unmapped,
        Model = answer.Model,
        Rehearsal = answer.IsRehearsal,
        StandsInFor = answer.StandsInFor,
        SessionId = answer.SessionId.Value,
        RunId = answer.RunId.Value,
    };
}

/// <summary>A proposal.</summary>
internal sealed record BuilderDiffResponse
{
    /// <summary>The operations in an order in which they apply.</summary>
    public required JsonElement Operations { get; init; }

    /// <summary>The same in words; each can be taken by itself, with those that it needs.</summary>
    public required IReadOnlyList<BuilderChange> Changes { get; init; }

    public static BuilderDiffResponse Of(BuilderDiff diff) => new()
    {
        Operations = JsonSerializer.SerializeToElement(diff.Operations, WorkflowJson.Compact.IReadOnlyListWorkflowOperation),
        Changes = diff.Changes,
    };
}

/// <summary>What was said about a workflow.</summary>
internal sealed record BuilderConversationResponse
{
    /// <summary>The session that records it; null when nothing was said yet.</summary>
    public required string? SessionId { get; init; }

    /// <summary>Oldest first, at most the newest 50.</summary>
    public required IReadOnlyList<BuilderExchangeResponse> Items { get; init; }

    public static BuilderConversationResponse Of(BuilderConversation? conversation) => new()
    {
        SessionId = conversation?.SessionId.Value,
        Items = [.. (conversation?.Exchanges ?? []).Select(BuilderExchangeResponse.Of)],
    };
}

/// <summary>A message and what became of it.</summary>
internal sealed record BuilderExchangeResponse
{
    /// <summary>When it was sent.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The message.</summary>
    public required string Message { get; init; }

    /// <summary><c>running</c>, <c>answered</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The answer.</summary>
    public required BuilderAnswerResponse? Answer { get; init; }

    /// <summary>Why there is none: a code and a sentence.</summary>
    public required BuilderFailure? Error { get; init; }

    public static BuilderExchangeResponse Of(BuilderExchange exchange) => new()
    {
        At = exchange.At,
        Message = exchange.Message,
        Status = exchange.IsRunning ? "running" : exchange.Answer is null ? "failed" : "answered",
        Answer = exchange.Answer is { } answer ? BuilderAnswerResponse.Of(answer) : null,
        Error = exchange.Error is { } error ? new BuilderFailure(error.Code, error.Message) : null,
    };
}

/// <summary>Why there is no answer.</summary>
/// <param name="Code">Stable.</param>
/// <param name="Message">A sentence.</param>
internal sealed record BuilderFailure(string Code, string Message);

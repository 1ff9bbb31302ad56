using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AgentLab.Core.Tools;

/// <summary>Why a tool call failed.</summary>
/// <param name="Code">Stable, one of <see cref="ToolErrorCodes"/> or a tool's own ("egress.refused").</param>
/// <param name="Sentence">What happened and what to do about it, for the model and for people. Never holds a secret or a stack trace.</param>
/// <param name="CanRetry">True when the same call may succeed later.</param>
public sealed record ToolError(string Code, string Sentence, bool CanRetry);

/// <summary>How a tool call ended: a result, or an error with a code. Exactly one of the two is set.</summary>
public sealed class ToolOutcome
{
    private ToolOutcome(JsonElement? result, ToolError? error, string? preview, IReadOnlyList<ToolArtifact> artifacts)
    {
        Result = result;
        Error = error;
        Preview = preview;
        Artifacts = artifacts;
    }

    [MemberNotNullWhen(true, nameof(Result))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>What the model gets: a JSON value of at most <see cref="ToolInvoker.MaxResultBytes"/> as UTF-8 text.</summary>
    public JsonElement? Result { get; }

    public ToolError? Error { get; }

    /// <summary>One line for the timeline, such as "12 of 240 rows". Null when the tool has nothing shorter to say than its result.</summary>
    public string? Preview { get; }

    /// <summary>What the agent loop records as the session's artifacts, in this order.</summary>
    public IReadOnlyList<ToolArtifact> Artifacts { get; }

    public static ToolOutcome Succeeded(JsonElement result, string? preview = null, IReadOnlyList<ToolArtifact>? artifacts = null) =>
        new(result, null, preview, artifacts ?? []);

    public static ToolOutcome Failed(string code, string sentence, bool canRetry = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(code);
        ArgumentException.ThrowIfNullOrWhiteSpace(sentence);
        return new(null, new ToolError(code, sentence, canRetry), null, []);
    }

    /// <summary>A model asked for a tool that its agent does not have.</summary>
    public static ToolOutcome UnknownTool(string name, IEnumerable<string> available)
    {
        var names = string.Join(", ", available);
        return Failed(
            ToolErrorCodes.Unknown,
            $"There is no tool \"{Shorten(name)}\". " + (names.Length == 0 ? "This agent has no tools: answer without one." : $"Use one of: {names}."));
    }

    /// <summary>What a model is told about the call: the result, or {"error": {"code", "message", "canRetry"}}.</summary>
    public JsonElement ToModelResult() => IsSuccess
        ? Result.Value
        : JsonSerializer.SerializeToElement(new { error = new { code = Error.Code, message = Error.Sentence, canRetry = Error.CanRetry } });

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";
}

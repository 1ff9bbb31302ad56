using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentLab.Core.Models.Rehearsal;

/// <summary>A tool call of this turn and what came back.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Arguments">What it was called with.</param>
/// <param name="Result">What it returned; text that is not JSON is a JSON string.</param>
/// <param name="Error">What went wrong, or null.</param>
internal sealed record RehearsalResult(string Tool, IDictionary<string, object?> Arguments, JsonElement Result, string? Error);

/// <summary>What the rehearsal model reads from a prompt.</summary>
internal sealed class RehearsalTurn
{
    private RehearsalTurn()
    {
    }

    /// <summary>The system messages and the options' instructions.</summary>
    public string Instructions { get; private init; } = "";

    /// <summary>The last user message.</summary>
    public string Question { get; private init; } = "";

    /// <summary>The user message before it, for questions such as "and by category?".</summary>
    public string PreviousQuestion { get; private init; } = "";

    /// <summary>Which user message this is, from 1.</summary>
    public int Number { get; private init; }

    /// <summary>How often tools were called since the last user message.</summary>
    public int Round { get; private init; }

    /// <summary>The calls since the last user message that have ended, in their order.</summary>
    public IReadOnlyList<RehearsalResult> Results { get; private init; } = [];

    public IReadOnlyList<AIFunctionDeclaration> Tools { get; private init; } = [];

    public ChatOptions Options { get; private init; } = new();

    /// <summary>The tokens of the prompt, by rule of thumb.</summary>
    public long PromptTokens { get; private init; }

    /// <summary>The same for the same place in a session, so that a repeated call gives the same ids.</summary>
    public string Id => $"rehearsal-{Number}-{Round}";

    public static RehearsalTurn Read(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var all = messages.ToList();
        var last = all.FindLastIndex(m => m.Role == ChatRole.User);
        var users = all.Where(m => m.Role == ChatRole.User).Select(m => m.Text).ToList();
        var since = all.Skip(last + 1).ToList();
        var mayCall = options?.ToolMode is not NoneChatToolMode;
        return new RehearsalTurn
        {
            Instructions = string.Join('\n', all.Where(m => m.Role == ChatRole.System).Select(m => m.Text).Prepend(options?.Instructions ?? "")).Trim(),
            Question = users.Count > 0 ? users[^1].Trim() : "",
            PreviousQuestion = users.Count > 1 ? users[^2].Trim() : "",
            Number = users.Count,
            Round = since.Count(m => m.Contents.OfType<FunctionCallContent>().Any()),
            Results = [.. ResultsOf(since)],
            Tools = mayCall ? [.. options?.Tools?.OfType<AIFunctionDeclaration>() ?? []] : [],
            Options = options ?? new ChatOptions(),
            PromptTokens = TokenEstimate.Of(all, options),
        };
    }

    public bool Has(string tool) => Tools.Any(t => t.Name == tool);

    private static IEnumerable<RehearsalResult> ResultsOf(List<ChatMessage> messages)
    {
        var calls = messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToList();
        foreach (var result in messages.SelectMany(m => m.Contents).OfType<FunctionResultContent>())
        {
            var call = calls.FirstOrDefault(c => c.CallId == result.CallId);
            var value = ToJson(result.Result);
            yield return new RehearsalResult(
                call?.Name ?? "tool", call?.Arguments ?? new Dictionary<string, object?>(), value, result.Exception?.Message ?? ErrorIn(value));
        }
    }

    private static JsonElement ToJson(object? value)
    {
        if (value is JsonElement { ValueKind: not JsonValueKind.String } element)
        {
            return element;
        }

        var text = value is JsonElement json ? json.GetString() : value as string;
        if (text is null)
        {
            return JsonSerializer.SerializeToElement(value, AIJsonUtilities.DefaultOptions);
        }

        try
        {
            return JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text);
        }
    }

    private static string? ErrorIn(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString() is { } text && text.StartsWith("Error", StringComparison.OrdinalIgnoreCase) ? text : null;
        }

        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("error", out var error))
        {
            return null;
        }

        return error.ValueKind switch
        {
            JsonValueKind.String => error.GetString(),
            JsonValueKind.Object when error.TryGetProperty("message", out var message) => message.ToString(),
            JsonValueKind.Null or JsonValueKind.False => null,
            _ => error.ToString(),
        };
    }
}

/// <summary>What the rehearsal model answers: words, tool calls, or both.</summary>
internal sealed record RehearsalReply(string Text, IReadOnlyList<FunctionCallContent> Calls, ChatFinishReason FinishReason)
{
    public IEnumerable<AIContent> Contents => Text.Length > 0 ? [new TextContent(Text), .. Calls] : Calls;

    public UsageDetails Usage(RehearsalTurn turn)
    {
        var output = TokenEstimate.Of(Text) + Calls.Sum(TokenEstimate.Of);
        return new UsageDetails { InputTokenCount = turn.PromptTokens, OutputTokenCount = output, TotalTokenCount = turn.PromptTokens + output };
    }
}

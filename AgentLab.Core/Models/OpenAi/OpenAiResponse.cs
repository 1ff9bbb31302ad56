using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using AiFinish = Microsoft.Extensions.AI.ChatFinishReason;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;
using AiRole = Microsoft.Extensions.AI.ChatRole;

namespace AgentLab.Core.Models.OpenAi;

/// <summary>From the OpenAI protocol's words to Microsoft.Extensions.AI's.</summary>
internal static class OpenAiResponse
{
    public static ChatResponse ToResponse(ChatCompletion completion)
    {
        var message = new AiMessage(AiRole.Assistant, string.Concat(completion.Content.Select(p => p.Text)) + completion.Refusal)
        {
            MessageId = completion.Id,
        };
        foreach (var (call, i) in completion.ToolCalls.Select((c, i) => (c, i)))
        {
            message.Contents.Add(ToFunctionCall(
                string.IsNullOrEmpty(call.Id) ? $"call_{i}" : call.Id, call.FunctionName, call.FunctionArguments?.ToString() ?? ""));
        }

        return new ChatResponse(message)
        {
            ResponseId = completion.Id,
            ModelId = completion.Model,
            CreatedAt = completion.CreatedAt,
            FinishReason = completion.ToolCalls.Count > 0 ? AiFinish.ToolCalls : ToFinishReason(completion.FinishReason),
            Usage = completion.Usage is { } usage ? ToUsage(usage) : null,
        };
    }

    /// <summary>A call whose arguments are not a JSON object has its exception set, so that the agent can tell the model.</summary>
    public static FunctionCallContent ToFunctionCall(string id, string name, string arguments)
    {
        try
        {
            return new FunctionCallContent(id, name, Parse(arguments));
        }
        catch (JsonException error)
        {
            return new FunctionCallContent(id, name)
            {
                Exception = new FormatException($"The arguments of '{name}' are not a JSON object: {error.Message}", error),
                AdditionalProperties = new AdditionalPropertiesDictionary { ["rawArguments"] = arguments },
            };
        }
    }

    public static AiFinish ToFinishReason(OpenAI.Chat.ChatFinishReason reason) => reason switch
    {
        OpenAI.Chat.ChatFinishReason.Length => AiFinish.Length,
        OpenAI.Chat.ChatFinishReason.ContentFilter => AiFinish.ContentFilter,
        OpenAI.Chat.ChatFinishReason.ToolCalls or OpenAI.Chat.ChatFinishReason.FunctionCall => AiFinish.ToolCalls,
        _ => AiFinish.Stop,
    };

    public static UsageDetails ToUsage(ChatTokenUsage usage) => new()
    {
        InputTokenCount = usage.InputTokenCount,
        OutputTokenCount = usage.OutputTokenCount,
        TotalTokenCount = usage.TotalTokenCount,
        CachedInputTokenCount = usage.InputTokenDetails?.CachedTokenCount,
        ReasoningTokenCount = usage.OutputTokenDetails?.ReasoningTokenCount,
    };

    /// <exception cref="StreamErrorException">The chunk carries an error instead of words.</exception>
    public static void ThrowIfError(StreamingChatCompletionUpdate chunk)
    {
        if (OpenAiRawJson.ErrorOf(chunk) is { } error && error != "null")
        {
            throw new StreamErrorException(error);
        }
    }

    private static Dictionary<string, object?> Parse(string arguments)
    {
        // No arguments at all is how some servers write an empty object.
        if (string.IsNullOrWhiteSpace(arguments))
        {
            return [];
        }

        using var document = JsonDocument.Parse(arguments);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException($"it is a {document.RootElement.ValueKind}.");
        }

        var result = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            result[property.Name] = property.Value.Clone();
        }

        return result;
    }
}

/// <summary>An error object inside a stream whose status was 200.</summary>
internal sealed class StreamErrorException(string json) : Exception("The stream carries an error.")
{
    /// <summary>The error object as the provider sent it.</summary>
    public string Json => json;
}

using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;
using AiRole = Microsoft.Extensions.AI.ChatRole;

namespace AgentLab.Core.Models.OpenAi;

/// <summary>From Microsoft.Extensions.AI's words to the OpenAI protocol's.</summary>
internal static class OpenAiRequest
{
    private static readonly BinaryData NoParameters = BinaryData.FromString("""{"type":"object","properties":{}}""");

    // The default ones are indented, which a model would pay for by the token.
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static List<OpenAI.Chat.ChatMessage> Messages(IEnumerable<AiMessage> messages, ChatOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var result = new List<OpenAI.Chat.ChatMessage>();
        if (!string.IsNullOrWhiteSpace(options?.Instructions))
        {
            result.Add(new SystemChatMessage(options.Instructions));
        }

        foreach (var message in messages)
        {
            Add(message, result);
        }

        return result;
    }

    public static ChatCompletionOptions Options(ChatOptions? options, ProviderDefinition provider)
    {
        var result = new ChatCompletionOptions();
        if (options is null)
        {
            return result;
        }

        result.Temperature = options.Temperature;
        result.TopP = options.TopP;
        result.FrequencyPenalty = options.FrequencyPenalty;
        result.PresencePenalty = options.PresencePenalty;
        SetLimit(result, options.MaxOutputTokens, provider);
        foreach (var stop in options.StopSequences ?? [])
        {
            result.StopSequences.Add(stop);
        }

        SetTools(result, options);
        result.ResponseFormat = options.ResponseFormat switch
        {
            ChatResponseFormatJson { Schema: { } schema } json => OpenAI.Chat.ChatResponseFormat.CreateJsonSchemaFormat(
                json.SchemaName ?? "answer", BinaryData.FromString(schema.GetRawText()), json.SchemaDescription, IsStrict(options.AdditionalProperties)),
            ChatResponseFormatJson => OpenAI.Chat.ChatResponseFormat.CreateJsonObjectFormat(),
            ChatResponseFormatText => OpenAI.Chat.ChatResponseFormat.CreateTextFormat(),
            _ => null,
        };
        return result;
    }

    private static void SetTools(ChatCompletionOptions result, ChatOptions options)
    {
        foreach (var tool in options.Tools?.OfType<AIFunctionDeclaration>() ?? [])
        {
            result.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, tool.Description, Parameters(tool.JsonSchema), IsStrict(tool.AdditionalProperties)));
        }

        // Both settings are refused by providers when there is no tool to choose from.
        if (result.Tools.Count == 0)
        {
            return;
        }

        result.AllowParallelToolCalls = options.AllowMultipleToolCalls;
        result.ToolChoice = options.ToolMode switch
        {
            NoneChatToolMode => ChatToolChoice.CreateNoneChoice(),
            RequiredChatToolMode { RequiredFunctionName: { } name } => ChatToolChoice.CreateFunctionChoice(name),
            RequiredChatToolMode => ChatToolChoice.CreateRequiredChoice(),
            AutoChatToolMode => ChatToolChoice.CreateAutoChoice(),
            _ => null,
        };
    }

    private static void SetLimit(ChatCompletionOptions result, int? tokens, ProviderDefinition provider)
    {
        if (tokens is not { } limit)
        {
            return;
        }

        // OpenAI's newer models know only max_completion_tokens; several compatible servers know only max_tokens, and refuse or ignore the other.
        if (provider.Endpoint?.Host is { } host && (host == "api.openai.com" || host.EndsWith(".azure.com", StringComparison.Ordinal)))
        {
            result.MaxOutputTokenCount = limit;
        }
        else
        {
            OpenAiRawJson.SetMaxTokens(result, limit);
        }
    }

    private static bool? IsStrict(IReadOnlyDictionary<string, object?>? properties) =>
        properties is not null && properties.TryGetValue("strict", out var strict) && strict is bool value ? value : null;

    private static BinaryData Parameters(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out _) ? BinaryData.FromString(schema.GetRawText()) : NoParameters;

    private static void Add(AiMessage message, List<OpenAI.Chat.ChatMessage> result)
    {
        if (message.Role == AiRole.System)
        {
            result.Add(new SystemChatMessage(message.Text));
        }
        else if (message.Role == AiRole.Assistant)
        {
            AddAssistant(message, result);
        }
        else if (message.Role == AiRole.Tool)
        {
            result.AddRange(message.Contents.OfType<FunctionResultContent>().Select(r => new ToolChatMessage(r.CallId, ResultText(r))));
        }
        else
        {
            result.Add(new UserChatMessage(Parts(message)));
        }
    }

    private static void AddAssistant(AiMessage message, List<OpenAI.Chat.ChatMessage> result)
    {
        var calls = message.Contents.OfType<FunctionCallContent>()
            .Select(c => ChatToolCall.CreateFunctionToolCall(c.CallId, c.Name, BinaryData.FromString(ArgumentsText(c))))
            .ToList();
        if (calls.Count == 0)
        {
            result.Add(new AssistantChatMessage(message.Text));
            return;
        }

        var assistant = new AssistantChatMessage(calls);
        if (message.Text.Length > 0)
        {
            assistant.Content.Add(ChatMessageContentPart.CreateTextPart(message.Text));
        }

        result.Add(assistant);
    }

    private static List<ChatMessageContentPart> Parts(AiMessage message)
    {
        var parts = new List<ChatMessageContentPart>();
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case TextContent text:
                    parts.Add(ChatMessageContentPart.CreateTextPart(text.Text));
                    break;
                case DataContent data when data.HasTopLevelMediaType("image"):
                    parts.Add(ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(data.Data), data.MediaType));
                    break;
                case UriContent uri when uri.HasTopLevelMediaType("image"):
                    parts.Add(ChatMessageContentPart.CreateImagePart(uri.Uri));
                    break;
            }
        }

        if (parts.Count == 0)
        {
            parts.Add(ChatMessageContentPart.CreateTextPart(""));
        }

        return parts;
    }

    private static string ArgumentsText(FunctionCallContent call) =>
        call.Arguments is null ? "{}" : JsonSerializer.Serialize(call.Arguments, Compact);

    private static string ResultText(FunctionResultContent result) => result.Result switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString() ?? "",
        null => result.Exception is { } error ? $"Error: {error.Message}" : "",
        var value => JsonSerializer.Serialize(value, Compact),
    };
}

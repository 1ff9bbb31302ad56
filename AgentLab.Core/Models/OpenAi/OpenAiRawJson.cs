using OpenAI.Chat;

// JsonPatch is the OpenAI package's only way to fields that its types do not have; it is marked as experimental.
#pragma warning disable SCME0001

namespace AgentLab.Core.Models.OpenAi;

/// <summary>The fields of compatible servers that the OpenAI package has no property for.</summary>
internal static class OpenAiRawJson
{
    public static void SetMaxTokens(ChatCompletionOptions options, int limit) => options.Patch.Set("$.max_tokens"u8, limit);

    /// <summary>The error object that some servers send in the middle of a stream whose status was 200; null when there is none.</summary>
    public static string? ErrorOf(StreamingChatCompletionUpdate chunk) =>
        chunk.Patch.TryGetJson("$.error"u8, out var json) ? System.Text.Encoding.UTF8.GetString(json.Span) : null;

    /// <summary>The piece of a model's reasoning in a chunk, under either of the names that servers use; null when there is none.</summary>
    public static string? ReasoningOf(StreamingChatCompletionUpdate chunk) =>
        chunk.Patch.TryGetValue("$.choices[0].delta.reasoning_content"u8, out string? reasoning) && !string.IsNullOrEmpty(reasoning) ? reasoning
        : chunk.Patch.TryGetValue("$.choices[0].delta.reasoning"u8, out reasoning) && !string.IsNullOrEmpty(reasoning) ? reasoning
        : null;
}

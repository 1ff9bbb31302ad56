using Microsoft.Extensions.AI;

namespace AgentLab.Core.Models;

/// <summary>Tokens by rule of thumb, for models that report none: 4 characters each. Never used where the provider counts.</summary>
internal static class TokenEstimate
{
    private const int CharactersPerToken = 4;

    // What the protocol itself takes for each message.
    private const int TokensPerMessage = 4;

    public static long Of(string? text) => string.IsNullOrEmpty(text) ? 0 : (text.Length + CharactersPerToken - 1) / CharactersPerToken;

    public static long Of(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var tools = options?.Tools?.OfType<AIFunctionDeclaration>().Sum(t => Of(t.Name) + Of(t.Description) + Of(t.JsonSchema.GetRawText())) ?? 0;
        return Of(options?.Instructions) + tools + messages.Sum(m => TokensPerMessage + m.Contents.Sum(Of));
    }

    public static long Of(AIContent content) => content switch
    {
        TextContent text => Of(text.Text),
        TextReasoningContent reasoning => Of(reasoning.Text),
        FunctionCallContent call => Of(call.Name) + (call.Arguments?.Sum(a => Of(a.Key) + Of(a.Value?.ToString())) ?? 0),
        FunctionResultContent result => Of(result.Result?.ToString()),
        _ => 0,
    };
}

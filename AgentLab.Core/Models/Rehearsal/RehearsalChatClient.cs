using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentLab.Core.Models.Rehearsal;

/// <summary>
/// The built-in stand-in for a model: rules, no key, no network, the same answer to the same prompt every time. It says in each
/// answer that it is not a language model.
/// </summary>
/// <param name="time">Paces the words.</param>
/// <param name="wordPace">The time between two words of a streamed answer; zero for none.</param>
internal sealed class RehearsalChatClient(TimeProvider time, TimeSpan wordPace) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var turn = RehearsalTurn.Read(messages, options);
        var reply = RehearsalRules.Reply(turn);
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [.. reply.Contents]) { MessageId = turn.Id })
        {
            ResponseId = turn.Id,
            ModelId = ProviderDefinition.RehearsalId,
            FinishReason = reply.FinishReason,
            Usage = reply.Usage(turn),
        });
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var turn = RehearsalTurn.Read(messages, options);
        var reply = RehearsalRules.Reply(turn);
        foreach (var word in RehearsalText.Words(reply.Text))
        {
            if (wordPace > TimeSpan.Zero)
            {
                await Task.Delay(wordPace, time, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            yield return Update(turn, new TextContent(word));
        }

        var last = Update(turn, [.. reply.Calls, new UsageContent(reply.Usage(turn))]);
        last.FinishReason = reply.FinishReason;
        yield return last;
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata(ProviderDefinition.RehearsalId, null, ProviderDefinition.RehearsalId)
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose()
    {
        // Holds nothing.
    }

    private static ChatResponseUpdate Update(RehearsalTurn turn, params AIContent[] contents) => new(ChatRole.Assistant, contents)
    {
        ResponseId = turn.Id,
        MessageId = turn.Id,
        ModelId = ProviderDefinition.RehearsalId,
    };
}

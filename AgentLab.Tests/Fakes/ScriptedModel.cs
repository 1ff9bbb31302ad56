using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AgentLab.Core.Models;
using Microsoft.Extensions.AI;

namespace AgentLab.Tests.Fakes;

/// <summary>A model whose answers a test decides: a function of the messages that it is asked with. It records every prompt.</summary>
internal sealed class ScriptedModel(Func<IReadOnlyList<ChatMessage>, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> answer) : IModelClients, IChatClient
{
    public ConcurrentQueue<IReadOnlyList<ChatMessage>> Prompts { get; } = new();

    public static ChatResponseUpdate Words(string text) => new(ChatRole.Assistant, text);

    public static ChatResponseUpdate Call(string id, string tool, params (string Name, object? Value)[] arguments) =>
        new(ChatRole.Assistant, [new FunctionCallContent(id, tool, arguments.ToDictionary(a => a.Name, a => a.Value))]);

    public static async IAsyncEnumerable<ChatResponseUpdate> Stream(params ChatResponseUpdate[] updates)
    {
        foreach (var update in updates)
        {
            await Task.Yield();
            yield return update;
        }
    }

    public ValueTask<ModelRoute> RouteAsync(string? reference, CancellationToken cancellationToken) => ValueTask.FromResult(
        new ModelRoute([new ModelChoice("scripted", "Scripted", ProviderKind.OpenAiCompatible, new ModelInfo("fake"))], this));

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var prompt = messages.ToList();
        Prompts.Enqueue(prompt);
        await foreach (var update in answer(prompt, cancellationToken).WithCancellation(cancellationToken))
        {
            yield return update;
        }
    }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}

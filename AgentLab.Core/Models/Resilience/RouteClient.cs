using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentLab.Core.Models.Resilience;

/// <summary>The outside of a route: bounds the whole call in time, whatever happens inside.</summary>
internal sealed class RouteClient(IModelCaller inner, IReadOnlyList<ModelChoice> chain, TimeSpan limit, TimeProvider time) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var total = Limit();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(total.Token, cancellationToken);
        try
        {
            return await inner.RespondAsync(Begin(messages, options), linked.Token);
        }
        catch (OperationCanceledException) when (IsTimeout(total, cancellationToken))
        {
            throw TooLate();
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var total = Limit();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(total.Token, cancellationToken);
        await using var updates = inner.StreamAsync(Begin(messages, options), linked.Token).GetAsyncEnumerator(linked.Token);
        while (await NextAsync(updates, total, cancellationToken))
        {
            yield return updates.Current;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata(chain[0].ProviderId, null, chain[0].Model.Id)
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose()
    {
        // Connections and circuits are shared.
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, CancellationTokenSource total, CancellationToken cancellationToken)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (OperationCanceledException cut) when (IsTimeout(total, cancellationToken))
        {
            throw TooLate((cut as ModelCallCutException)?.Usage);
        }
    }

    private ModelCall Begin(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return new ModelCall([.. messages], options, time.GetTimestamp(), time.GetUtcNow() + limit);
    }

    private CancellationTokenSource Limit() => new(limit, time);

    private static bool IsTimeout(CancellationTokenSource total, CancellationToken cancellationToken) =>
        total.IsCancellationRequested && !cancellationToken.IsCancellationRequested;

    private ModelException TooLate(ModelUsage? usage = null) => new(
        ModelErrorCodes.Timeout, $"{chain[0].ProviderName} did not finish its answer within {limit.TotalSeconds:0.#} seconds. Try again, ask for less, or choose a faster model.")
    {
        IsTransient = true,
        ProviderId = chain[0].ProviderId,
        Usage = usage,
    };
}

using Microsoft.Extensions.AI;

namespace AgentLab.Core.Models;

/// <summary>What one model call used. It rides on the response and on the last update of a stream: <see cref="ModelUsageExtensions"/> reads it.</summary>
public sealed record ModelUsage
{
    internal const string Key = "agentlab.usage";

    /// <summary>The provider that answered, which is not the wanted one after a fallback.</summary>
    public required string ProviderId { get; init; }

    /// <summary>The model that answered.</summary>
    public required string ModelId { get; init; }

    /// <summary>Tokens of the prompt.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens of the answer, reasoning included.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Those of <see cref="InputTokens"/> that the provider had cached.</summary>
    public long CachedInputTokens { get; init; }

    /// <summary>US dollars by the price table; null when the model has no price there.</summary>
    public decimal? Cost { get; init; }

    /// <summary>From the call to the end of the answer, waits and failed attempts included.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>From the call to the first token; null when the answer was not streamed.</summary>
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>Requests that were made for this call, over all providers; 1 when the first one succeeded.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>True when the provider reported no usage and the tokens are counted by rule of thumb (4 characters each).</summary>
    public bool IsEstimated { get; init; }
}

/// <summary>Reads the usage from a model's answer.</summary>
public static class ModelUsageExtensions
{
    /// <summary>The usage of the call, or null when the response did not come through <see cref="IModelClients"/>.</summary>
    public static ModelUsage? GetModelUsage(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);

        // A response that was gathered from a stream has the updates' properties on its message.
        return Read(response.AdditionalProperties) ?? response.Messages.Select(m => Read(m.AdditionalProperties)).LastOrDefault(u => u is not null);
    }

    /// <summary>The usage of the call when this is a stream's last update; null for every other one.</summary>
    public static ModelUsage? GetModelUsage(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return Read(update.AdditionalProperties);
    }

    private static ModelUsage? Read(AdditionalPropertiesDictionary? properties) =>
        properties is not null && properties.TryGetValue(ModelUsage.Key, out var value) ? value as ModelUsage : null;
}

namespace AgentLab.Core.Models;

/// <summary>How a provider is spoken to.</summary>
public enum ProviderKind
{
    /// <summary>Over HTTP with the OpenAI chat-completions protocol.</summary>
    OpenAiCompatible = 0,

    /// <summary>The built-in rehearsal model: no key, no network.</summary>
    Rehearsal = 1,
}

/// <summary>Where a provider's definition comes from, which decides who may change it.</summary>
public enum ProviderSource
{
    /// <summary>Part of the program; cannot be changed or deleted.</summary>
    BuiltIn = 0,

    /// <summary><c>AgentLab:Providers:*</c>; changed there, read-only in the pages.</summary>
    Configuration = 1,

    /// <summary>The Providers page; kept by <see cref="IProviderStore"/>.</summary>
    Settings = 2,
}

/// <summary>One model of a provider and what it costs.</summary>
/// <param name="Id">The provider's own name of the model, such as <c>gpt-5-mini</c> or <c>meta-llama/llama-3.3-70b</c>.</param>
/// <param name="InputPrice">US dollars for a million input tokens; null when unknown, 0 when free.</param>
/// <param name="OutputPrice">US dollars for a million output tokens; null when unknown, 0 when free.</param>
/// <param name="ContextWindow">The most tokens that prompt and answer may have together; null when unknown.</param>
public sealed record ModelInfo(string Id, decimal? InputPrice = null, decimal? OutputPrice = null, int? ContextWindow = null)
{
    private const decimal TokensPerPrice = 1_000_000m;

    /// <summary>What these tokens cost in US dollars, or null when a price that is needed is unknown.</summary>
    public decimal? CostOf(long inputTokens, long outputTokens)
    {
        var input = inputTokens == 0 ? 0m : InputPrice * inputTokens;
        var output = outputTokens == 0 ? 0m : OutputPrice * outputTokens;
        return (input + output) / TokensPerPrice;
    }
}

/// <summary>
/// A model service that agents may use. Equality is by value (the models by their order), so that a changed definition is noticed.
/// <see cref="ProviderRules.Check"/> tells what is wrong with one.
/// </summary>
public sealed record ProviderDefinition
{
    /// <summary>The built-in provider's id, and its model's.</summary>
    public const string RehearsalId = "rehearsal";

    /// <summary>A slug, unique among all providers: <c>[a-z0-9-]</c>, 1 to 63 characters, begins with a letter or digit.</summary>
    public required string Id { get; init; }

    /// <summary>The name that people see, 1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>How it is spoken to.</summary>
    public ProviderKind Kind { get; init; } = ProviderKind.OpenAiCompatible;

    /// <summary>Where it answers, ending in <c>/v1</c> (or another path that <c>/chat/completions</c> follows); null for the rehearsal model only.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The key, or null where none is needed (a local server).</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>Models to offer, the first is the provider's default. Empty: the provider is asked for its list when one is needed.</summary>
    public IReadOnlyList<ModelInfo> Models { get; init; } = [];

    /// <summary>A disabled provider is listed, never used.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Lower comes first: in lists, as the default, and among fallbacks.</summary>
    public int Order { get; init; }

    /// <summary>True: stands in with its first model, in <see cref="Order"/>, when the wanted provider fails before its first token, unless the fault is the request's own.</summary>
    public bool IsFallback { get; init; }

    /// <summary>Where the definition comes from.</summary>
    public ProviderSource Source { get; init; } = ProviderSource.Settings;

    /// <summary>The built-in provider: always last, always there.</summary>
    public static ProviderDefinition Rehearsal { get; } = new()
    {
        Id = RehearsalId,
        Name = "Rehearsal model",
        Kind = ProviderKind.Rehearsal,
        Models = [new ModelInfo(RehearsalId, InputPrice: 0, OutputPrice: 0)],
        Order = int.MaxValue,
        Source = ProviderSource.BuiltIn,
    };

    /// <inheritdoc />
    public bool Equals(ProviderDefinition? other) =>
        other is not null && Id == other.Id && Name == other.Name && Kind == other.Kind && Endpoint == other.Endpoint
        && Equals(ApiKey, other.ApiKey) && Enabled == other.Enabled && Order == other.Order && IsFallback == other.IsFallback
        && Source == other.Source && Models.SequenceEqual(other.Models);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Id, Name, Kind, Endpoint, Enabled, Order, IsFallback, Models.Count);
}

namespace AgentLab.Core.Models.Catalog;

/// <summary>What an agent's model reference means among the providers that there are.</summary>
internal static class ModelReference
{
    public const string Default = "default";

    private const string Hint = "Choose another model for this agent.";

    /// <summary>Null provider: the reference leaves the choice to the defaults.</summary>
    public static (string? Provider, string? Model) Parse(string? reference)
    {
        var text = reference?.Trim();
        if (string.IsNullOrEmpty(text) || text.Equals(Default, StringComparison.OrdinalIgnoreCase))
        {
            return (null, null);
        }

        // Model ids hold slashes (meta-llama/llama-3.3-70b), provider ids do not.
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (text.ToLowerInvariant(), null) : (text[..slash].ToLowerInvariant(), text[(slash + 1)..] is { Length: > 0 } model ? model : null);
    }

    public static ProviderDefinition Find(IReadOnlyList<ProviderDefinition> providers, string id)
    {
        var provider = providers.FirstOrDefault(p => p.Id == id)
            ?? throw new ModelException(ModelErrorCodes.Unknown, $"There is no provider '{id}'. {Hint}");
        return provider.Enabled ? provider : throw new ModelException(ModelErrorCodes.Unknown, $"The provider '{provider.Name}' is disabled. {Hint}") { ProviderId = id };
    }

    public static ModelException NoModels(ProviderDefinition provider) =>
        new(ModelErrorCodes.Unknown, $"The provider '{provider.Name}' lists no model. Add one on the Providers page, or name it in the agent as {provider.Id}/model.") { ProviderId = provider.Id };

    /// <summary>The model by its id; one that is not listed is passed on without prices, since lists lag behind what providers offer.</summary>
    public static ModelInfo Model(ProviderDefinition provider, string id) =>
        provider.Models.FirstOrDefault(m => m.Id == id) ?? new ModelInfo(id);
}

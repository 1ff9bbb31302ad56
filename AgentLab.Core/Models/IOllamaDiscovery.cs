namespace AgentLab.Core.Models;

/// <summary>Looks for an Ollama on this machine.</summary>
public interface IOllamaDiscovery
{
    /// <summary>
    /// A definition to offer, with the models that are there, free of charge; null when none answers within a second, it has no model,
    /// the search is switched off, or a provider with that address exists. Nothing is stored or enabled: a person decides.
    /// </summary>
    Task<ProviderDefinition?> FindAsync(CancellationToken cancellationToken);
}

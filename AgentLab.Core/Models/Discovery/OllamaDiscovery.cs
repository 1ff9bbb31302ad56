using AgentLab.Core.Models.OpenAi;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Models.Discovery;

/// <inheritdoc />
internal sealed class OllamaDiscovery(IProviderCatalog catalog, ModelLists lists, IOptions<ModelsOptions> options) : IOllamaDiscovery
{
    private const string Id = "ollama";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public async Task<ProviderDefinition?> FindAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.Ollama.Enabled)
        {
            return null;
        }

        var endpoint = options.Value.Ollama.Endpoint;
        var known = await catalog.ListAsync(cancellationToken);
        if (known.Any(p => p.Endpoint is { } other && other.Authority == endpoint.Authority))
        {
            return null;
        }

        var ollama = new ProviderDefinition { Id = FreeId(known), Name = "Ollama", Endpoint = endpoint };
        try
        {
            var models = await lists.ListAsync(ollama, Limit, cancellationToken);
            return models.Count == 0 ? null : ollama with { Models = [.. models.Select(id => new ModelInfo(id, InputPrice: 0, OutputPrice: 0))] };
        }
        catch (ModelException)
        {
            return null;
        }
    }

    private static string FreeId(IReadOnlyList<ProviderDefinition> known)
    {
        var taken = known.Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        return taken.Contains(Id) ? Enumerable.Range(2, taken.Count + 1).Select(n => $"{Id}-{n}").First(id => !taken.Contains(id)) : Id;
    }
}

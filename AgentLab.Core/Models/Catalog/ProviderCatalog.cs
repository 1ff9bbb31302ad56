using Microsoft.Extensions.Options;

namespace AgentLab.Core.Models.Catalog;

/// <summary>Configuration's providers, then the store's, then the rehearsal model; the first one with an id wins.</summary>
internal sealed class ProviderCatalog(IOptions<ProvidersConfiguration> configuration, IEnumerable<IProviderStore> stores) : IProviderCatalog
{
    public async ValueTask<IReadOnlyList<ProviderDefinition>> ListAsync(CancellationToken cancellationToken)
    {
        var providers = new List<ProviderDefinition>(configuration.Value.Providers);
        foreach (var store in stores)
        {
            providers.AddRange(await store.ListAsync(cancellationToken));
        }

        providers.Add(ProviderDefinition.Rehearsal);
        return [.. providers.DistinctBy(p => p.Id, StringComparer.Ordinal).OrderBy(p => p.Order).ThenBy(p => p.Id, StringComparer.Ordinal)];
    }
}

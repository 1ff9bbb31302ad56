using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Models.Resilience;

/// <summary>The guard of each provider, kept over calls: a circuit only knows what it has seen.</summary>
internal sealed class ProviderGuards(IOptions<ModelsOptions> options, ProviderHealthBoard health, TimeProvider time, ILogger<ProviderGuard> logger)
{
    private readonly ConcurrentDictionary<string, ProviderGuard> _guards = new(StringComparer.Ordinal);

    /// <summary>The provider's guard; a new one when its address or key has changed, since the old failures say nothing of the new ones.</summary>
    public ProviderGuard Get(ProviderDefinition provider)
    {
        while (true)
        {
            if (!_guards.TryGetValue(provider.Id, out var guard))
            {
                return _guards.GetOrAdd(provider.Id, _ => Create(provider));
            }

            if (guard.IsFor(provider))
            {
                return guard;
            }

            if (_guards.TryUpdate(provider.Id, Create(provider), guard))
            {
                health.Forget(provider.Id);
            }
        }
    }

    private ProviderGuard Create(ProviderDefinition provider) => new(provider, options.Value, health, time, logger);
}

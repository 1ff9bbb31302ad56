using AgentLab.Core.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentLab.Data.Providers;

internal static class ProvidersExtensions
{
    /// <summary>Adds <see cref="IProviderStore"/>.</summary>
    public static IServiceCollection AddProviderStore(this IServiceCollection services)
    {
        services.TryAddSingleton<ProviderStore>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IProviderStore, ProviderStore>(
            provider => provider.GetRequiredService<ProviderStore>()));
        return services;
    }
}

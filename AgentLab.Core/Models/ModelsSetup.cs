using AgentLab.Core.Models.Catalog;
using AgentLab.Core.Models.Discovery;
using AgentLab.Core.Models.OpenAi;
using AgentLab.Core.Models.Resilience;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Models;

/// <summary>Adds the models to an application.</summary>
public static class ModelsSetup
{
    /// <summary>
    /// Adds <see cref="IModelClients"/>, <see cref="IProviderCatalog"/> and what belongs to them, from <c>AgentLab:Models</c> and
    /// <c>AgentLab:Providers</c>. Stored providers are part of it when an <see cref="IProviderStore"/> is registered.
    /// </summary>
    public static IServiceCollection AddAgentLabModels(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<ModelsOptions>().Bind(configuration.GetSection(ModelsOptions.Section)).ValidateOnStart();
        services.AddOptions<ProvidersConfiguration>().Configure(providers => providers.Read(configuration)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ModelsOptions>, OptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ProvidersConfiguration>, OptionsValidator>());

        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ModelHttp>();
        services.TryAddSingleton<ModelLists>();
        services.TryAddSingleton<ProviderHealthBoard>();
        services.TryAddSingleton<IProviderHealth>(provider => provider.GetRequiredService<ProviderHealthBoard>());
        services.TryAddSingleton<ProviderGuards>();
        services.TryAddSingleton<IProviderCatalog, ProviderCatalog>();
        services.TryAddSingleton<IModelClients, ModelClients>();
        services.TryAddSingleton<IOllamaDiscovery, OllamaDiscovery>();
        services.TryAddSingleton<IProviderTester, ProviderTester>();
        return services;
    }

    private sealed class OptionsValidator : IValidateOptions<ModelsOptions>, IValidateOptions<ProvidersConfiguration>
    {
        public ValidateOptionsResult Validate(string? name, ModelsOptions options) => Result(options.Faults());

        public ValidateOptionsResult Validate(string? name, ProvidersConfiguration options) => Result(options.Faults);

        private static ValidateOptionsResult Result(IEnumerable<string> faults)
        {
            var all = faults.ToList();
            return all.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(all);
        }
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Security;

public static class SecuritySetup
{
    /// <summary>
    /// Adds <see cref="EgressPolicy"/> and <see cref="EgressHttpClient"/>, the only way out for what a model asks for, and <see cref="INamedSecrets"/>, which what goes out may carry.
    /// </summary>
    public static IServiceCollection AddAgentLabEgress(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<EgressOptions>().Bind(configuration.GetSection(EgressOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EgressOptions>, EgressOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EgressOptions>, SecretHostsValidator>(_ => new SecretHostsValidator(configuration)));
        services.TryAddSingleton<IHostResolver, DnsHostResolver>();
        services.TryAddSingleton<INamedSecrets>(_ => new NamedSecrets(configuration));
        services.TryAddSingleton<EgressPolicy>();
        services.TryAddSingleton<EgressHttpClient>();
        return services;
    }
}

using AgentLab.Core.Workflows.Engine;
using AgentLab.Data.Databases;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentLab.Data.Security;

/// <summary>Adds data protection with its keys in the database, encrypted under the root key.</summary>
public static class DataProtectionExtensions
{
    /// <summary>Part of <see cref="AgentLabDataExtensions.AddAgentLabData"/>; adding it again changes nothing.</summary>
    public static IDataProtectionBuilder AddAgentLabDataProtection(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(provider => new RootKey(configuration, provider.GetRequiredService<DataDirectory>()));
        services.TryAddSingleton<IWaitKeys, RootWaitKeys>();
        services.TryAddSingleton<RootKeyXmlEncryptor>();
        services.TryAddSingleton<DatabaseXmlRepository>();
        services.TryAddSingleton(configuration);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RootKeyStart>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, KeyRingStart>());
        services.AddOptions<KeyManagementOptions>().Configure<DatabaseXmlRepository, RootKeyXmlEncryptor>((options, repository, encryptor) =>
        {
            options.XmlRepository = repository;
            options.XmlEncryptor = encryptor;
        });
        return services.AddDataProtection().SetApplicationName("AgentLab");
    }
}

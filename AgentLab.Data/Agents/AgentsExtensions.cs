using AgentLab.Core.Agents;
using AgentLab.Core.Tools;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentLab.Data.Agents;

/// <summary>Adds the agents.</summary>
public static class AgentsExtensions
{
    /// <summary>Adds <see cref="IAgentStore"/> and the starter agents, with the tools that agents name. Needs the storage (<c>AddAgentLabData</c>).</summary>
    public static IServiceCollection AddAgentLabAgents(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddAgentLabTools(configuration);
        services.TryAddSingleton<IAgentStore, AgentStore>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AgentSeed>());
        return services;
    }
}

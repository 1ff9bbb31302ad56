using AgentLab.Core.Agents;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentLab.Data.Agents;

/// <summary>Adds the agents.</summary>
public static class AgentsExtensions
{
    /// <summary>Adds <see cref="IAgentStore"/> and the starter agents. Needs the storage (<c>AddAgentLabData</c>) and the tools (<c>AddAgentLabTools</c>).</summary>
    public static IServiceCollection AddAgentLabAgents(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<IAgentStore, AgentStore>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AgentSeed>());
        return services;
    }
}

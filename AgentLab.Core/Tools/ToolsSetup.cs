using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentLab.Core.Tools;

public static class ToolsSetup
{
    /// <summary>Adds <see cref="IToolRegistry"/>, <see cref="ToolInvoker"/> and the built-in tools. A further tool is a singleton <see cref="Tool"/>.</summary>
    public static IServiceCollection AddAgentLabTools(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ToolInvoker>();
        services.TryAddSingleton<IToolRegistry, ToolRegistry>();
        return services;
    }
}

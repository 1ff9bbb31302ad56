using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentLab.Core.Workflows.Triggers;

/// <summary>Adds what starts workflows by itself.</summary>
public static class TriggersSetup
{
    /// <summary>Adds <see cref="IWorkflowOwners"/> and the starter by ends of runs. They need the accounts, the workflow store and the engine.</summary>
    public static IServiceCollection AddWorkflowTriggers(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<IWorkflowOwners, WorkflowOwners>();
        services.TryAddSingleton<WorkflowEventStarter>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WorkflowEventStarter>(provider => provider.GetRequiredService<WorkflowEventStarter>()));
        return services;
    }
}

using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Nodes.ActionBlocks;
using AgentLab.Core.Workflows.Triggers;
using AgentLab.Data.Workflows.ActionBlocks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentLab.Data.Workflows;

/// <summary>Adds the workflows.</summary>
public static class WorkflowsExtensions
{
    /// <summary>
    /// Adds <see cref="IWorkflowStore"/>, <see cref="IWorkflowHistory"/>, <see cref="IWorkflowVersions"/>, <see cref="IWorkflowRooms"/>, <see cref="IWorkflowHooks"/>,
    /// <see cref="IWorkflowEnds"/>, <see cref="IActionBlocks"/> and the starter workflows. Needs the storage (<c>AddAgentLabData</c>), what knows definitions
    /// (<c>AddWorkflowDefinitions</c>) and the kinds of nodes.
    /// </summary>
    public static IServiceCollection AddAgentLabWorkflowStore(this IServiceCollection services)
    {
        services.TryAddSingleton<WorkflowLanes>();
        services.TryAddSingleton<WorkflowHistory>();
        services.TryAddSingleton<IWorkflowHistory>(provider => provider.GetRequiredService<WorkflowHistory>());
        services.TryAddSingleton<WorkflowCommits>();
        services.TryAddSingleton<WorkflowHooks>();
        services.TryAddSingleton<IWorkflowHooks>(provider => provider.GetRequiredService<WorkflowHooks>());
        services.TryAddSingleton<IWorkflowEnds, WorkflowEnds>();
        services.TryAddSingleton<WorkflowPublisher>();
        services.TryAddSingleton<WorkflowRunLists>();
        services.TryAddSingleton<WorkflowRooms>();
        services.TryAddSingleton<IWorkflowRooms>(provider => provider.GetRequiredService<WorkflowRooms>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RoomFollower>());
        services.TryAddSingleton<WorkflowVersions>();
        services.TryAddSingleton<IWorkflowVersions>(provider => provider.GetRequiredService<WorkflowVersions>());
        services.TryAddSingleton<IWorkflowStore, WorkflowStore>();
        services.TryAddSingleton<ActionBlockRules>();
        services.TryAddSingleton<IActionBlocks, ActionBlockStore>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WorkflowSeed>());
        return services;
    }
}

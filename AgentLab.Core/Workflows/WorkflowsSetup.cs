using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Definition.Files;
using AgentLab.Core.Workflows.Definition.Rules;
using AgentLab.Core.Workflows.Gallery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentLab.Core.Workflows;

/// <summary>Adds workflows to an application.</summary>
public static class WorkflowsSetup
{
    /// <summary>Adds what knows definitions: rules, files and the gallery. Needs <c>INodeKinds</c>.</summary>
    public static IServiceCollection AddWorkflowDefinitions(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<KindSchemas>();
        services.TryAddSingleton<IWorkflowRules, WorkflowRules>();
        services.TryAddSingleton<IWorkflowFiles, WorkflowFiles>();
        services.TryAddSingleton<IWorkflowGallery, WorkflowGallery>();
        services.TryAddSingleton<ITeamGallery, TeamGallery>();
        return services;
    }
}

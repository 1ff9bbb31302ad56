using AgentLab.Web.Features.Workflows.Editor;
using AgentLab.Web.Layout;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentLab.Web.Features.Workflows;

/// <summary>Registers what the pages of workflows need.</summary>
internal static class WorkflowsUi
{
    /// <summary>Adds the editor's parts and the workflows of the palette.</summary>
    public static IServiceCollection AddWorkflowsUi(this IServiceCollection services)
    {
        services.TryAddSingleton<NodeTypeTable>();
        services.TryAddScoped<WorkflowChoices>();
        services.TryAddEnumerable(ServiceDescriptor.Scoped<IPaletteSource, WorkflowPalette>());
        return services;
    }
}

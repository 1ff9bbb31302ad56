using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Approvals;
using AgentLab.Core.Workflows.Engine.Compiled;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Adds the workflow engine.</summary>
public static class WorkflowEngineSetup
{
    /// <summary>
    /// Adds <see cref="IWorkflowRuns"/>. It needs the runs (<c>AddAgentLabRuns</c>), the session log with its stores, <see cref="IWorkflowVersions"/>,
    /// the node kinds and the settings compiler.
    /// </summary>
    public static IServiceCollection AddWorkflowEngine(this IServiceCollection services)
    {
        services.TryAddSingleton<WorkflowCompiler>();
        services.TryAddSingleton<WorkflowRunFactory>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRunKind, WorkflowRunKind>());
        services.TryAddSingleton<RunStart>();
        services.TryAddSingleton<RunOpener>();
        services.TryAddSingleton<TalkHistory>();
        services.TryAddSingleton<WorkflowTalk>();
        services.TryAddSingleton<RunStates>();
        services.TryAddSingleton<IWorkflowRuns, WorkflowRuns>();
        return services.AddApprovals();
    }
}

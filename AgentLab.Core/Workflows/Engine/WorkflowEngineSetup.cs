using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Workflows.Engine.Compiled;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

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
        services.TryAddSingleton<LiveRuns>();
        services.TryAddSingleton<WaitSignal>();
        services.TryAddSingleton<WorkflowRunFactory>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRunKind, WorkflowRunKind>());
        services.TryAddSingleton<RemoteWaker>();
        services.TryAddSingleton<RunWaker>();
        services.TryAddSingleton<RunStart>();
        services.TryAddSingleton<RunOpener>();
        services.TryAddSingleton<TalkHistory>();
        services.TryAddSingleton<WorkflowTalk>();
        services.TryAddSingleton<RunStates>();
        services.TryAddSingleton<ApprovalDesk>();
        services.TryAddSingleton<IWorkflowRuns, WorkflowRuns>();
        services.TryAddSingleton<WaitClock>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WaitClock>(provider => provider.GetRequiredService<WaitClock>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LetterBox>());
        return services;
    }
}

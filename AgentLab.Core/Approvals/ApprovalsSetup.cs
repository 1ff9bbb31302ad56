using AgentLab.Core.Workflows.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentLab.Core.Approvals;

/// <summary>Adds what runs that wait, of agents and of workflows, are woken by.</summary>
public static class ApprovalsSetup
{
    /// <summary>Adds <see cref="IApprovalWatch"/>: the session log tells it what it commits.</summary>
    public static IServiceCollection AddApprovalWatch(this IServiceCollection services)
    {
        services.TryAddSingleton<IApprovalWatch, ApprovalWatch>();
        return services;
    }

    /// <summary>Adds <see cref="IApprovals"/>. It needs the runs, the tools, the session log with its stores, and <see cref="IApprovalStore"/>.</summary>
    public static IServiceCollection AddApprovals(this IServiceCollection services)
    {
        services.TryAddSingleton<LiveRuns>();
        services.TryAddSingleton<WaitSignal>();
        services.TryAddSingleton<RemoteWaker>();
        services.TryAddSingleton<RunWaker>();
        services.TryAddSingleton<IApprovals, ApprovalDesk>();
        services.TryAddSingleton<WaitClock>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WaitClock>(provider => provider.GetRequiredService<WaitClock>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LetterBox>());
        return services;
    }
}

using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Agents.Runs;

/// <summary>Adds the agent loop and the commands that start and stop it.</summary>
public static class RunsSetup
{
    /// <summary>
    /// Adds <see cref="ISessionCommands"/> and <see cref="IRunSupervisor"/>. They need the models, the tools, a session log with its reader, feed and stores.
    /// </summary>
    public static IServiceCollection AddAgentLabRuns(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RunOptions>()
            .Bind(configuration.GetSection(RunOptions.Section))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RunOptions>, Validator>());
        services.TryAddSingleton<RunLoader>();
        services.TryAddSingleton<ModelStep>();
        services.TryAddSingleton<ToolStep>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRunKind, AgentRunKind>());
        services.TryAddSingleton<IAgentTurn, AgentTurns>();
        services.TryAddSingleton<NodeLease>();
        services.TryAddSingleton<INodeLease>(provider => provider.GetRequiredService<NodeLease>());
        services.TryAddSingleton<NodeLeaseKeeper>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, NodeLeaseKeeper>(provider => provider.GetRequiredService<NodeLeaseKeeper>()));
        services.TryAddSingleton<RunSupervisor>();
        services.TryAddSingleton<IRunSupervisor>(provider => provider.GetRequiredService<RunSupervisor>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RunSupervisor>(provider => provider.GetRequiredService<RunSupervisor>()));
        services.TryAddSingleton<RunSweeper>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RunSweeper>(provider => provider.GetRequiredService<RunSweeper>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RemoteStops>());
        services.TryAddSingleton<ISessionCommands, SessionCommands>();
        return services.AddApprovals();
    }

    private sealed class Validator : IValidateOptions<RunOptions>
    {
        public ValidateOptionsResult Validate(string? name, RunOptions options) =>
            options.Faults().ToList() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}

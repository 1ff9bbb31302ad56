using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Data.Approvals;
using AgentLab.Data.Databases;
using AgentLab.Data.Hints;
using AgentLab.Data.Sessions.Feed;
using AgentLab.Data.Sessions.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentLab.Data.Sessions;

/// <summary>Adds the event log, its readers and its feed.</summary>
public static class SessionsExtensions
{
    /// <summary>Adds <see cref="ISessionLog"/>, <see cref="ISessionReader"/> and <see cref="ISessionFeed"/> over the configured database.</summary>
    public static IServiceCollection AddSessionLog(this IServiceCollection services)
    {
        services.TryAddSingleton<TailCache>();
        services.TryAddSingleton<IFeedStatistics>(provider => provider.GetRequiredService<TailCache>());
        services.AddOptions<NodeOptions>().BindConfiguration(NodeOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<NodeOptions>, NodeValidator>());
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<NodeOptions>>().Value;
            return new NodeIdentity(options.Name, options.Lease);
        });
        services.TryAddSingleton<INodeRegistry, NodeRegistry>();
        services.AddHints();
        services.TryAddSingleton<ILogStore>(provider =>
        {
            var connections = provider.GetRequiredService<ILabConnections>();
            return connections.Kind == DatabaseKind.Sqlite
                ? new SqliteLogStore(connections, provider.GetRequiredService<WriteGate>())
                : new ServerLogStore(connections);
        });
        services.TryAddSingleton<WorkflowEndWatch>();
        services.TryAddSingleton<SessionLog>();
        services.TryAddSingleton<ISessionLog>(provider => provider.GetRequiredService<SessionLog>());
        services.TryAddSingleton<ILogActivity>(provider => provider.GetRequiredService<SessionLog>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SessionLog>(provider => provider.GetRequiredService<SessionLog>()));
        services.TryAddSingleton<ISessionReader, SessionReader>();
        services.TryAddSingleton<ISessionFeed, SessionFeed>();
        services.TryAddSingleton<ISessionStore, SessionStore>();
        services.TryAddSingleton<IRunDirectory, RunDirectory>();
        services.TryAddSingleton<IRunWaits, RunWaits>();
        services.TryAddSingleton<IRunLetters, RunLetters>();
        services.AddApprovalStore();
        services.AddApprovalWatch();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TailFollower>());
        return services;
    }

    private sealed class NodeValidator : IValidateOptions<NodeOptions>
    {
        public ValidateOptionsResult Validate(string? name, NodeOptions options) =>
            options.Check().ToList() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}

using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Data.Databases;
using AgentLab.Data.Sessions.Feed;
using AgentLab.Data.Sessions.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentLab.Data.Sessions;

/// <summary>Adds the event log, its readers and its feed.</summary>
public static class SessionsExtensions
{
    /// <summary>Adds <see cref="ISessionLog"/>, <see cref="ISessionReader"/> and <see cref="ISessionFeed"/> over the configured database.</summary>
    public static IServiceCollection AddSessionLog(this IServiceCollection services)
    {
        services.TryAddSingleton<TailCache>();
        services.TryAddSingleton<IFeedStatistics>(provider => provider.GetRequiredService<TailCache>());
        services.TryAddSingleton(new NodeIdentity(Environment.MachineName, TimeSpan.FromSeconds(15)));
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
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SessionLog>(provider => provider.GetRequiredService<SessionLog>()));
        services.TryAddSingleton<ISessionReader, SessionReader>();
        services.TryAddSingleton<ISessionFeed, SessionFeed>();
        services.TryAddSingleton<ISessionStore, SessionStore>();
        services.TryAddSingleton<IRunDirectory, RunDirectory>();
        services.TryAddSingleton<IRunWaits, RunWaits>();
        return services;
    }
}

using AgentLab.Data.Attachments;
using AgentLab.Data.Blobs;
using AgentLab.Data.Dashboard;
using AgentLab.Data.Databases;
using AgentLab.Data.Providers;
using AgentLab.Data.Security;
using AgentLab.Data.Requests;
using AgentLab.Data.Sessions;
using AgentLab.Data.Tasks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentLab.Data;

/// <summary>Adds the storage of AgentLab.</summary>
public static class AgentLabDataExtensions
{
    /// <summary>
    /// Adds the database, its gate, its start (data directory, migrations, epoch) and the stores that stand on it. Settings come from
    /// <c>AgentLab:DataDirectory</c>, <c>AgentLab:Database</c> and <c>DATABASE_URL</c>; what is wrong is named at start, all at once.
    /// </summary>
    public static IServiceCollection AddAgentLabData(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DatabaseOptions>()
            .Configure(options => DatabaseOptionsReader.Read(configuration, options))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DatabaseOptions>, DatabaseOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DataDirectory>();
        services.TryAddSingleton(provider => new WriteGate(Options(provider).Provider));
        services.TryAddSingleton(provider => new LabContexts(Options(provider), provider.GetRequiredService<WriteGate>()));
        services.TryAddSingleton<IDbContextFactory<LabDbContext>>(provider => provider.GetRequiredService<LabContexts>());
        services.TryAddSingleton(provider => provider.GetRequiredService<LabContexts>().Connections);
        services.TryAddSingleton(provider => new LabDatabase(
            provider.GetRequiredService<LabContexts>(), provider.GetRequiredService<WriteGate>()));
        services.TryAddScoped(provider => provider.GetRequiredService<LabContexts>().CreateDbContext());
        services.TryAddSingleton<Migrator>();
        services.TryAddSingleton<EpochKeeper>();
        services.TryAddSingleton<IEpoch>(provider => provider.GetRequiredService<EpochKeeper>());
        services.TryAddSingleton<DatabaseStart>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DatabaseStart>(
            provider => provider.GetRequiredService<DatabaseStart>()));
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database", null, ["ready"], TimeSpan.FromSeconds(5));
        services.AddAgentLabDataProtection(configuration);
        services.TryAddSingleton<BlobStore>();
        services.AddProviderStore();
        services.AddTaskStore();
        services.AddSessionLog();
        services.AddAgentLabAttachments();
        services.AddRequestJournal();
        services.AddDashboard();
        return services;
    }

    private static DatabaseOptions Options(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<DatabaseOptions>>().Value;
}

using AgentLab.Core.Dashboard;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentLab.Data.Dashboard;

/// <summary>Adds the figures over all runs.</summary>
public static class DashboardExtensions
{
    /// <summary>Adds <see cref="IDashboard"/> over the configured database, and what adds up the hours that are over.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services)
    {
        services.TryAddSingleton<RunHours>();
        services.TryAddSingleton<IDashboard, DashboardReader>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RunHoursKeeper>());
        return services;
    }
}

using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentLab.Web.Features.Dashboard;

/// <summary>Registers what the dashboard needs beyond its figures.</summary>
internal static class DashboardSetup
{
    /// <summary>Adds the feed that pages share.</summary>
    public static IServiceCollection AddDashboardFeed(this IServiceCollection services)
    {
        services.TryAddSingleton<DashboardFeed>();
        return services;
    }
}

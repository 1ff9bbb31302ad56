using AgentLab.Core.Requests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentLab.Data.Requests;

/// <summary>Adds the memory of creating requests.</summary>
public static class RequestsExtensions
{
    /// <summary>Adds <see cref="IRequestJournal"/> over the configured database.</summary>
    public static IServiceCollection AddRequestJournal(this IServiceCollection services)
    {
        services.TryAddSingleton<RequestJournal>();
        services.TryAddSingleton<IRequestJournal>(provider => provider.GetRequiredService<RequestJournal>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RequestPurge>());
        return services;
    }
}

using AgentLab.Core.Hosting.Hints;
using AgentLab.Data.Databases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentLab.Data.Hints;

/// <summary>Adds the hints between nodes.</summary>
internal static class HintsExtensions
{
    /// <summary>Adds <see cref="IHints"/>: over Redis where one is set, by NOTIFY on PostgreSQL, else none. On SQLite there is nobody to wake.</summary>
    public static IServiceCollection AddHints(this IServiceCollection services)
    {
        services.AddOptions<HintOptions>().BindConfiguration(HintOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HintOptions>, HintValidator>());
        services.TryAddSingleton<IHints>(provider =>
        {
            var kind = provider.GetRequiredService<ILabConnections>().Kind;
            var redis = provider.GetRequiredService<IOptions<HintOptions>>().Value.Redis.Length > 0;
            return kind switch
            {
                DatabaseKind.Sqlite => new NoHints(),
                _ when redis => ActivatorUtilities.CreateInstance<RedisHints>(provider),
                DatabaseKind.PostgreSql => ActivatorUtilities.CreateInstance<PostgreSqlHints>(provider),
                _ => new NoHints(),
            };
        });
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, HintLine>());
        return services;
    }

    private sealed class HintValidator : IValidateOptions<HintOptions>
    {
        public ValidateOptionsResult Validate(string? name, HintOptions options) =>
            options.Check().ToList() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    /// <summary>Starts and stops whatever carries the hints.</summary>
    private sealed class HintLine(IHints hints) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => hints is HintCarrier carrier ? carrier.StartAsync(cancellationToken) : Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => hints is HintCarrier carrier ? carrier.StopAsync(cancellationToken) : Task.CompletedTask;
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Tasks;

/// <summary>Adds the tasks.</summary>
public static class TasksSetup
{
    /// <summary>Adds <see cref="ITasks"/>, <see cref="ITaskSignal"/> and this node's part of the queue. They need the runs, the workflow engine and its triggers, and the rows of tasks.</summary>
    public static IServiceCollection AddAgentLabTasks(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddTaskOptions();
        services.TryAddSingleton<ITasks, TaskCommands>();
        services.TryAddSingleton<TaskStarter>();
        services.TryAddSingleton<TaskRunner>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TaskRunner>(provider => provider.GetRequiredService<TaskRunner>()));
        return services;
    }

    /// <summary>Adds <see cref="TaskOptions"/> and <see cref="ITaskSignal"/>, which the rows of tasks need as well.</summary>
    public static IServiceCollection AddTaskOptions(this IServiceCollection services)
    {
        services.AddOptions<TaskOptions>().BindConfiguration(TaskOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TaskOptions>, Validator>());
        services.TryAddSingleton<ITaskSignal, TaskSignal>();
        return services;
    }

    private sealed class Validator : IValidateOptions<TaskOptions>
    {
        public ValidateOptionsResult Validate(string? name, TaskOptions options) =>
            options.Faults().ToList() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}

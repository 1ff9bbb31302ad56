using AgentLab.Core.Tasks;
using AgentLab.Data.Tasks.Wakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentLab.Data.Tasks;

/// <summary>Adds the rows of tasks.</summary>
public static class TasksExtensions
{
    /// <summary>Adds <see cref="ITaskStore"/>, <see cref="ITaskQueue"/> and <see cref="ITaskWakes"/>.</summary>
    public static IServiceCollection AddTaskStore(this IServiceCollection services)
    {
        services.AddTaskOptions();
        services.TryAddSingleton(provider =>
        {
            var signal = provider.GetRequiredService<ITaskSignal>();
            return new TaskWatch { Moved = signal.Changed };
        });
        services.TryAddSingleton<ITaskStore, TaskStore>();
        services.TryAddSingleton<ITaskQueue, TaskQueue>();
        services.TryAddSingleton<QuartzWakes>();
        services.TryAddSingleton<ITaskWakes>(provider => provider.GetRequiredService<QuartzWakes>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, QuartzWakes>(provider => provider.GetRequiredService<QuartzWakes>()));
        return services;
    }
}

using AgentLab.Core.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentLab.Data.Tasks;

/// <summary>Adds the rows of tasks.</summary>
public static class TasksExtensions
{
    /// <summary>Adds <see cref="ITaskStore"/> and <see cref="ITaskQueue"/>.</summary>
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
        return services;
    }
}

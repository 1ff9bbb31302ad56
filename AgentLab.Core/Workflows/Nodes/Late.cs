using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Core.Workflows.Nodes;

/// <summary>
/// What a kind runs with, asked for when it runs. The palette, files and validation need the descriptions of kinds where there is no model, no tool and no engine; and the engine, which a
/// kind may call, needs the kinds itself.
/// </summary>
internal sealed class Late<T>(IServiceProvider services) where T : class
{
    /// <summary>The service.</summary>
    /// <exception cref="InvalidOperationException">The program was composed without it.</exception>
    public T Value => services.GetRequiredService<T>();

    /// <summary>The service; null when the program was composed without it.</summary>
    public T? Optional => services.GetService<T>();
}

using AgentLab.Core.Workflows.Builder.Tools;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Workflows.Builder;

/// <summary>Adds the builder.</summary>
public static class BuilderSetup
{
    /// <summary>Adds <see cref="IWorkflowBuilder"/> and the tools of its agent. Needs workflow definitions and kinds, runs, tools and a session log with its stores.</summary>
    public static IServiceCollection AddAgentLabBuilder(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<BuilderOptions>().Bind(configuration.GetSection(BuilderOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BuilderOptions>, Validator>());
        services.TryAddSingleton<BuilderLog>();
        services.TryAddSingleton<BuilderEdits>();
        services.TryAddSingleton<BuilderViews>();
        services.TryAddSingleton<BuilderDiffs>();
        services.TryAddSingleton<BuilderAnswers>();
        services.TryAddSingleton<IWorkflowBuilder, WorkflowBuilder>();
        if (services.All(service => service.ServiceType != typeof(BuilderTools)))
        {
            services.AddSingleton<BuilderTools>();
            foreach (var name in BuilderToolNames.All)
            {
                services.AddSingleton(provider => provider.GetRequiredService<BuilderTools>().Create().Single(tool => tool.Name == name));
            }
        }

        return services;
    }

    private sealed class Validator : IValidateOptions<BuilderOptions>
    {
        public ValidateOptionsResult Validate(string? name, BuilderOptions options) =>
            options.Faults().ToList() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}

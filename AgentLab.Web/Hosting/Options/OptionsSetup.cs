using AgentLab.Core.Hosting;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Hosting.Options;

/// <summary>Registration of typed settings that are checked, all of them, before anything starts.</summary>
public static class OptionsSetup
{
    /// <summary>Binds <typeparamref name="T"/> to <paramref name="section"/>; an unknown key in it is a fault, so that a misspelt setting is named.</summary>
    public static IServiceCollection AddLabOptions<T>(this IServiceCollection services, string section)
        where T : class, ILabOptions
    {
        services.AddOptions<T>().BindConfiguration(section, binder => binder.ErrorOnUnknownConfiguration = true);
        services.AddSingleton<IValidateOptions<T>, SelfCheck<T>>();
        services.AddSingleton(new StartupCheck(typeof(T), section, provider => _ = provider.GetRequiredService<IOptions<T>>().Value));
        return services;
    }

    /// <summary>Reads every registered setting and returns all faults at once, in the order of registration.</summary>
    public static IReadOnlyList<string> CheckAll(IServiceProvider provider)
    {
        var faults = new List<string>();
        foreach (var check in provider.GetServices<StartupCheck>())
        {
            faults.AddRange(StartupFault.Collect(() => check.Read(provider), check.Section));
        }

        if (provider.GetService<IStartupValidator>() is { } others)
        {
            faults.AddRange(StartupFault.Collect(others.Validate));
        }

        return [.. faults.Distinct(StringComparer.Ordinal)];
    }

    private sealed class SelfCheck<T> : IValidateOptions<T>
        where T : class, ILabOptions
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var faults = options.Check().ToList();
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}

/// <summary>One group of settings to read before the start.</summary>
/// <param name="Type">The class that holds them.</param>
/// <param name="Section">Where they live.</param>
/// <param name="Read">Reads them; throws when they are faulty.</param>
public sealed record StartupCheck(Type Type, string Section, Action<IServiceProvider> Read);

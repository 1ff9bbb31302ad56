using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentLab.Data.Attachments;

/// <summary>Adds the uploaded files.</summary>
public static class AttachmentsExtensions
{
    /// <summary>Adds <see cref="IAttachmentStore"/> with its sweep and <see cref="ISessionAttachments"/>. Needs the storage (<c>AddAgentLabData</c>); <c>AgentLab:Limits:AttachmentBytes</c> bounds a file.</summary>
    public static IServiceCollection AddAgentLabAttachments(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        // One value of a section that others share: only this one is read here.
        services.AddOptions<AttachmentOptions>()
            .Configure<IConfiguration>((options, configuration) => configuration.GetSection(RunOptions.Section).Bind(options))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AttachmentOptions>, AttachmentOptionsValidator>());
        services.TryAddSingleton<IAttachmentStore, AttachmentStore>();
        services.TryAddSingleton<ISessionAttachments, SessionAttachments>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AttachmentSweep>());
        return services;
    }
}

using AgentLab.Core.Approvals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentLab.Data.Approvals;

/// <summary>Adds the reader of questions.</summary>
public static class ApprovalStoreSetup
{
    /// <summary>Adds <see cref="IApprovalStore"/> over the configured database.</summary>
    public static IServiceCollection AddApprovalStore(this IServiceCollection services)
    {
        services.TryAddSingleton<IApprovalStore, ApprovalStore>();
        return services;
    }
}

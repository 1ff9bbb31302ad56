using AgentLab.Core.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentLab.Data.Identity;

/// <summary>Adds accounts, passwords and sign-in sessions.</summary>
public static class IdentitySetup
{
    /// <summary>Adds them. Requires <c>AddAgentLabData</c> before it: roles are made once the database stands.</summary>
    public static IServiceCollection AddAgentLabIdentity(this IServiceCollection services)
    {
        services.AddIdentityCore<LabUser>(identity =>
        {
            identity.Password.RequiredLength = 12;
            identity.Password.RequireUppercase = true;
            identity.Password.RequireLowercase = true;
            identity.Password.RequireDigit = true;
            identity.Password.RequireNonAlphanumeric = true;
            identity.User.RequireUniqueEmail = true;
        }).AddRoles<LabRole>().AddEntityFrameworkStores<LabDbContext>().AddPasswordValidator<CommonPasswords>();
        services.AddOptions<PasswordHasherOptions>()
            .Configure<IOptions<SignInSettings>>((hasher, settings) => hasher.IterationCount = settings.Value.PasswordIterations);
        services.RemoveAll<IPasswordHasher<LabUser>>();
        services.AddSingleton<IPasswordHasher<LabUser>, PasswordHasher<LabUser>>();
        services.TryAddSingleton<PasswordWork>();
        services.TryAddSingleton<PasswordTries>();
        services.TryAddSingleton<SignInSessions>();
        services.TryAddSingleton<ISignInSessions>(provider => provider.GetRequiredService<SignInSessions>());
        services.TryAddSingleton<IRefreshTokens, RefreshTokens>();
        services.TryAddSingleton<IAccounts, Accounts>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RoleStart>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SignInPurge>());
        return services;
    }
}

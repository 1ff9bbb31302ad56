using AgentLab.Core.Identity;
using AgentLab.Data.Identity;
using AgentLab.Web.Features.Account.Authentication;
using AgentLab.Web.Features.Account.Setup;
using AgentLab.Web.Hosting.Options;
using AgentLab.Web.Hosting.Security;
using AgentLab.Web.Layout;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace AgentLab.Web.Features.Account;

/// <summary>Sign-in: who a request comes from, and the rule that nobody is let in otherwise.</summary>
internal static class AccountSetup
{
    private const string Either = "agentlab";
    private const string Bearer = "bearer";

    public static IServiceCollection AddLabAccounts(this IServiceCollection services)
    {
        services.AddLabOptions<SignInSettings>(SignInSettings.Section);
        services.AddLabOptions<AdminSettings>(AdminSettings.Section);
        services.AddAgentLabIdentity();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<TokenAnswers>();
        services.AddSingleton<SignInFlow>();
        services.AddSingleton<SetupGate>();
        services.AddHostedService<AdminStart>();
        services.AddScoped<LabCookieEvents>();
        services.AddScoped<AuthenticationStateProvider, CircuitAuthentication>();
        services.AddScoped<CircuitHandler, CircuitGuard>();
        services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, policy => policy.ForwardDefaultSelector = context =>
                LabBearerHandler.Applies(context.Request) ? Bearer : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, LabBearerHandler>(Bearer, null)
            .AddCookie(Configure);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddPolicy(Policies.Admin, policy => policy.RequireRole(Roles.Admin))
            .AddPolicy(Policies.Editor, policy => policy.RequireRole(Roles.Admin, Roles.Editor));
        services.AddAntiforgery(Configure);
        return services;
    }

    /// <summary>Comes after routing and before the endpoints.</summary>
    public static void UseLabAccounts(this WebApplication app)
    {
        app.UseMiddleware<SetupMiddleware>();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseMiddleware<SameOriginMiddleware>();
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    private static void Configure(CookieAuthenticationOptions cookie)
    {
        cookie.EventsType = typeof(LabCookieEvents);
        cookie.CookieManager = new HostPrefixCookies();
        cookie.Cookie.Name = "agentlab";
        cookie.Cookie.Path = "/";
        cookie.Cookie.HttpOnly = true;
        // Lax, not Strict: a link in a mail shall open the page it names and not the sign-in page.
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.LoginPath = WebUi.SignInPath;
        cookie.ReturnUrlParameter = "returnUrl";
        cookie.SlidingExpiration = true;
    }

    private static void Configure(AntiforgeryOptions antiforgery)
    {
        antiforgery.Cookie.Name = "agentlab-form";
        antiforgery.Cookie.HttpOnly = true;
        antiforgery.Cookie.SameSite = SameSiteMode.Strict;
        antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        antiforgery.SuppressXFrameOptionsHeader = true;
    }
}

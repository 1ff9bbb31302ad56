using AgentLab.Web.Features.Dashboard;
using AgentLab.Web.Features.Sessions;
using AgentLab.Web.Features.Workflows;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentLab.Web.Layout;

/// <summary>Registers and maps the pages.</summary>
public static class WebUi
{
    /// <summary>Where a visitor without a signed-in account is sent; takes <c>returnUrl</c>.</summary>
    public const string SignInPath = "/account/sign-in";

    /// <summary>Where the sign-out form posts to.</summary>
    public const string SignOutPath = "/account/sign-out";

    /// <summary>Adds Razor components with server interactivity and what the shared components need.</summary>
    public static IServiceCollection AddWebUi(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddCascadingAuthenticationState();
        services.AddWorkflowsUi();
        services.AddDashboardFeed();
        services.TryAddScoped<Browser>();
        services.TryAddScoped<ICurrentPerson, SignedInPerson>();
        services.TryAddEnumerable([ServiceDescriptor.Scoped<IPaletteSource, AgentPalette>(), ServiceDescriptor.Scoped<IPaletteSource, SessionPalette>()]);
        services.Configure<CircuitOptions>(options =>
        {
            // A laptop that slept for a few minutes comes back to the page as it was.
            options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(5);
            options.DisconnectedCircuitMaxRetained = 200;
        });
        services.Configure<Microsoft.AspNetCore.SignalR.HubOptions>(options => options.MaximumReceiveMessageSize ??= 128 * 1024);
        return services;
    }

    /// <summary>Maps the pages and their assets. Requires <see cref="AddWebUi"/>.</summary>
    public static IEndpointConventionBuilder MapWebUi(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        return app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options =>
            // Every answer carries the whole content security policy already.
            options.ContentSecurityFrameAncestorsPolicy = null);
    }
}

using AgentLab.Core.Identity;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace AgentLab.Web.Features.Account.Authentication;

/// <summary>Checks each cookie against its sign-in session and sends people, but not programs, to the sign-in page.</summary>
internal sealed class LabCookieEvents(ISignInSessions sessions) : CookieAuthenticationEvents
{
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var id = context.Principal?.GetSignInSession();
        if (id is not null && await sessions.FindAsync(id.Value, context.HttpContext.RequestAborted) is { } person)
        {
            context.ReplacePrincipal(LabClaims.ToPrincipal(person, context.Scheme.Name));
            return;
        }

        context.RejectPrincipal();
        if (!context.HttpContext.Response.HasStarted)
        {
            await context.HttpContext.SignOutAsync(context.Scheme.Name);
        }
    }

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (ProblemsSetup.WantsPage(context.Request))
        {
            context.Response.Redirect(context.RedirectUri);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return Task.CompletedTask;
    }

    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}

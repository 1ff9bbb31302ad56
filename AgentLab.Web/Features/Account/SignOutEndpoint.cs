using AgentLab.Web.Layout;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentLab.Web.Features.Account;

/// <summary>Takes the sign-out form of every page, interactive ones included, where a form of the page itself could not reach the cookie.</summary>
internal static class SignOutEndpoint
{
    public static void MapSignOut(this IEndpointRouteBuilder routes) =>
        // Before the page of the same address, which only asks.
        routes.MapPost(WebUi.SignOutPath, SignOutAsync).WithOrder(-1).ExcludeFromDescription();

    private static async Task<RedirectHttpResult> SignOutAsync(SignInFlow flow, IAntiforgery antiforgery, HttpContext context)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            // A page that was open for long has an old token: ask again with a new one.
            return TypedResults.LocalRedirect(WebUi.SignOutPath);
        }

        await flow.EndAsync(context);
        return TypedResults.LocalRedirect(WebUi.SignInPath);
    }
}

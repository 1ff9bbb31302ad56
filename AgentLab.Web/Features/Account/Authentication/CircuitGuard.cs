using System.Data.Common;
using System.Security.Claims;
using AgentLab.Core.Identity;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace AgentLab.Web.Features.Account.Authentication;

/// <summary>
/// Stands before everything that a browser makes its circuit do: what comes after the sign-in has ended or the role has changed is not done, and the page leads
/// to the sign-in page at once instead of at the next regular check.
/// </summary>
internal sealed class CircuitGuard(AuthenticationStateProvider authentication, ISignInSessions sessions) : CircuitHandler
{
    /// <inheritdoc />
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) =>
        async context =>
        {
            if (await MayActAsync())
            {
                await next(context);
            }
            else
            {
                (authentication as CircuitAuthentication)?.End();
            }
        };

    /// <summary>Whether the sign-in of <paramref name="user"/> still holds, with the same role.</summary>
    public static async ValueTask<bool> HoldsAsync(ClaimsPrincipal user, ISignInSessions sessions, CancellationToken cancellationToken) =>
        user.GetSignInSession() is { } id
        && await sessions.FindAsync(id, cancellationToken) is { } person
        && user.FindFirstValue(ClaimTypes.Role) == Roles.Name(person.Role);

    private async ValueTask<bool> MayActAsync()
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        try
        {
            // Pages without sign-in have nothing to guard; those that need one are gone by now.
            return user.Identity?.IsAuthenticated != true || await HoldsAsync(user, sessions, CancellationToken.None);
        }
        catch (Exception away) when (away is DbException or TimeoutException)
        {
            // Nobody can tell while the database is away, and nothing can be read or written either: the page stays to say so.
            return true;
        }
    }
}

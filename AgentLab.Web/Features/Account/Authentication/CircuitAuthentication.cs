using System.Data.Common;
using System.Security.Claims;
using AgentLab.Core.Identity;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace AgentLab.Web.Features.Account.Authentication;

/// <summary>Asks every 30 s whether a circuit's sign-in still holds with the same role; when not, its pages lead to the sign-in page.</summary>
internal sealed class CircuitAuthentication(ILoggerFactory loggers, ISignInSessions sessions) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    /// <summary>The circuit's person counts as signed out from now on.</summary>
    public void End() => SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            return await CircuitGuard.HoldsAsync(authenticationState.User, sessions, cancellationToken);
        }
        catch (Exception away) when (away is DbException or TimeoutException)
        {
            // A database that is away ends nobody's page: without it the page shows nothing new, and the next check decides.
            return true;
        }
    }
}

using System.Security.Claims;
using AgentLab.Core.Identity;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace AgentLab.Web.Features.Account.Authentication;

/// <summary>Asks every 30 s whether a circuit's sign-in still holds with the same role; when not, its pages lead to the sign-in page.</summary>
internal sealed class CircuitAuthentication(ILoggerFactory loggers, ISignInSessions sessions) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        var user = authenticationState.User;
        return user.GetSignInSession() is { } id
            && await sessions.FindAsync(id, cancellationToken) is { } person
            && user.FindFirstValue(ClaimTypes.Role) == Roles.Name(person.Role);
    }
}

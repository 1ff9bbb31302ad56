using System.Security.Claims;
using AgentLab.Core.Identity;
using AgentLab.Web.Features.Account.Authentication;
using Microsoft.AspNetCore.Components.Authorization;

namespace AgentLab.Web.Shared;

/// <summary>The person of a circuit, asked anew each time: a role that changed and a sign-in that ended take effect at once.</summary>
internal sealed class SignedInPerson(AuthenticationStateProvider authentication, ISignInSessions sessions) : ICurrentPerson
{
    /// <inheritdoc />
    public async ValueTask<Person> GetAsync(CancellationToken cancellationToken)
    {
        var principal = (await authentication.GetAuthenticationStateAsync()).User;
        if (principal.GetSignInSession() is { } id && await sessions.FindAsync(id, cancellationToken) is { } person)
        {
            return new Person(person.ToActor(), new SignedInViewer(sessions, id), principal.FindFirstValue(ClaimTypes.Name) ?? person.UserName);
        }

        throw new UnauthorizedAccessException("Nobody is signed in.");
    }
}

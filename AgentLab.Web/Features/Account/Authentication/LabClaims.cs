using System.Security.Claims;
using AgentLab.Core.Identity;

namespace AgentLab.Web.Features.Account.Authentication;

/// <summary>Signed-in people as claims, and back.</summary>
public static class LabClaims
{
    /// <summary>The claim that names the sign-in session.</summary>
    public const string SignInSession = "sid";

    /// <summary>The principal of a signed-in person. Made anew for each request, so that name and role are the present ones.</summary>
    public static ClaimsPrincipal ToPrincipal(SignedIn person, string scheme) =>
        new(new ClaimsIdentity(
            [
                new(ClaimTypes.NameIdentifier, person.UserId.ToString()),
                new(ClaimTypes.Name, person.UserName),
                new(ClaimTypes.Email, person.Email),
                new(ClaimTypes.Role, Roles.Name(person.Role)),
                new(SignInSession, person.SessionId.ToString()),
            ],
            scheme));

    /// <summary>What a cookie holds: the sign-in session alone, since the rest is read anew with each request.</summary>
    public static ClaimsPrincipal ToTicket(Guid signInSession, string scheme) =>
        new(new ClaimsIdentity([new(SignInSession, signInSession.ToString())], scheme));

    /// <summary>The sign-in session of this principal; null when it has none.</summary>
    public static Guid? GetSignInSession(this ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue(SignInSession), out var id) ? id : null;

    /// <summary>The person as the domain knows it.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in: the endpoint or page lacks its authorization.</exception>
    public static Actor ToActor(this ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id)
            ? new(id, Roles.Highest(principal.FindAll(ClaimTypes.Role).Select(c => c.Value)), principal.GetSignInSession())
            : throw new InvalidOperationException("Nobody is signed in here: the endpoint lacks its authorization.");
}

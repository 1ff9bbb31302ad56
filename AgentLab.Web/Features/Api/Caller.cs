using AgentLab.Core.Identity;
using AgentLab.Web.Features.Account.Authentication;

namespace AgentLab.Web.Features.Api;

/// <summary>Who calls an endpoint, as a handler's parameter.</summary>
/// <param name="Actor">The person, with the role that holds now.</param>
/// <param name="SignInSession">The sign-in by which the call came.</param>
internal sealed record Caller(Actor Actor, Guid SignInSession)
{
    /// <summary>What decides which sessions this caller sees, asked again while it looks.</summary>
    public SignedInViewer Viewer(ISignInSessions signIns) => new(signIns, SignInSession);

    /// <summary>Reads the caller from an authorised request.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context)
    {
        var actor = context.User.ToActor();
        return ValueTask.FromResult<Caller?>(new Caller(actor, actor.SignInSession!.Value));
    }
}

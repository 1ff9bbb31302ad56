using System.Text.Encodings.Web;
using AgentLab.Core.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Features.Account.Authentication;

/// <summary>Reads <c>Authorization: Bearer</c>, and no other place: tokens in query strings end up in logs.</summary>
internal sealed class LabBearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccessTokens tokens, ISignInSessions sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Prefix = "Bearer ";
    private const int MaxLength = 2048;

    /// <summary>Whether the request brings a bearer token.</summary>
    public static bool Applies(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Applies(Request))
        {
            return AuthenticateResult.NoResult();
        }

        var token = Request.Headers.Authorization.ToString()[Prefix.Length..].Trim();
        if (token.Length is 0 or > MaxLength || tokens.Read(token) is not { } id)
        {
            return AuthenticateResult.Fail("The access token is not valid or has expired.");
        }

        return await sessions.FindAsync(id, Context.RequestAborted) is { } person
            ? AuthenticateResult.Success(new(LabClaims.ToPrincipal(person, Scheme.Name), Scheme.Name))
            : AuthenticateResult.Fail("The sign-in has ended.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }
}

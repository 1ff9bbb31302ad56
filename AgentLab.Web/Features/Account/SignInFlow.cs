using AgentLab.Core.Identity;
using AgentLab.Data.Identity;
using AgentLab.Web.Features.Account.Authentication;
using AgentLab.Web.Hosting.Problems;
using AgentLab.Web.Hosting.RateLimits;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Features.Account;

/// <summary>Signing in and out, the same for pages and API.</summary>
internal sealed class SignInFlow(
    IAccounts accounts, ISignInSessions sessions, SignInLimiter limiter, IOptions<SignInSettings> settings, TimeProvider time)
{
    /// <summary>Tries a name and a password and begins a sign-in session when both are right.</summary>
    public async Task<SignInResult> TryAsync(HttpContext context, string name, string password, bool bearer, bool keep)
    {
        if (limiter.Try(context, name) is { } wait)
        {
            return SignInResult.Limited(wait);
        }

        var cancellation = context.RequestAborted;
        var verdict = await accounts.CheckAsync(name, password, cancellation);
        return verdict.Result switch
        {
            PasswordResult.Right => SignInResult.Done(await BeginAsync(context, verdict.UserId, bearer, keep)),
            PasswordResult.Disabled => SignInResult.Refused(ErrorCodes.AccountDisabled),
            _ => SignInResult.Refused(ErrorCodes.SignInFailed),
        };
    }

    /// <summary>Begins a sign-in session of a person who needs no password now.</summary>
    public Task<SignedIn> BeginAsync(HttpContext context, Guid userId, bool bearer, bool keep) =>
        sessions.BeginAsync(
            new(userId, bearer, Lifetime(bearer || keep), context.Connection.RemoteIpAddress?.ToString(), context.Request.Headers.UserAgent),
            context.RequestAborted);

    /// <summary>Gives the browser the cookie of a sign-in session.</summary>
    public Task SetCookieAsync(HttpContext context, SignedIn person, bool keep) =>
        context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            LabClaims.ToTicket(person.SessionId, CookieAuthenticationDefaults.AuthenticationScheme),
            new() { IsPersistent = keep, IssuedUtc = time.GetUtcNow(), ExpiresUtc = time.GetUtcNow() + Lifetime(keep) });

    /// <summary>Ends the sign-in session of this request and takes its cookie away.</summary>
    public async Task EndAsync(HttpContext context)
    {
        if (context.User.GetSignInSession() is { } id)
        {
            await sessions.RevokeAsync(context.User.ToActor().UserId, id, context.RequestAborted);
        }

        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }

    private TimeSpan Lifetime(bool keep) => keep ? TimeSpan.FromDays(settings.Value.KeepDays) : TimeSpan.FromHours(settings.Value.BrowserHours);
}

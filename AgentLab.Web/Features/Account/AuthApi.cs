using AgentLab.Core.Identity;
using AgentLab.Data.Identity;
using AgentLab.Web.Features.Account.Authentication;
using AgentLab.Web.Hosting.Problems;
using AgentLab.Web.Hosting.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Features.Account;

/// <summary>Sign-in for programs: <c>/api/v1/auth</c>.</summary>
internal static class AuthApi
{
    private const int MaxField = 256;

    public static void MapAuthApi(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/api/v1/auth").WithTags("Sign-in").AddEndpointFilter(NoStoreAsync);
        auth.MapPost("/login", LoginAsync).AllowAnonymous().WithName("login")
            .WithSummary("Sign in with an e-mail address or user name; gives an access token and a refresh token.");
        auth.MapPost("/refresh", RefreshAsync).AllowAnonymous().WithName("refresh")
            .WithSummary("Exchange a refresh token for a new pair; each is good once.");
        auth.MapPost("/logout", LogoutAsync).WithName("logout").WithSummary("End the sign-in session of this request.");
        auth.MapGet("/me", Me).WithName("me").WithSummary("Who is signed in.");
        auth.MapPost("/password", ChangePasswordAsync).WithName("changePassword")
            .WithSummary("Change the own password; all other sign-in sessions end.");
        auth.MapGet("/sessions", ListAsync).WithName("listSignIns").WithSummary("The own live sign-in sessions, newest first.");
        auth.MapDelete("/sessions/{id:guid}", RevokeAsync).WithName("revokeSignIn").WithSummary("End one of the own sign-in sessions.");
    }

    private static async Task<Results<Ok<TokenAnswer>, ProblemHttpResult>> LoginAsync(
        LoginRequest request, SignInFlow flow, IRefreshTokens refreshTokens, TokenAnswers answers, HttpContext context)
    {
        if (Missing((nameof(request.Email), request.Email), (nameof(request.Password), request.Password)) is { } invalid)
        {
            return invalid;
        }

        var result = await flow.TryAsync(context, request.Email!, request.Password!, bearer: true, keep: true);
        if (result.Person is not { } person)
        {
            return Refuse(context, result);
        }

        return TypedResults.Ok(answers.Make(person, await refreshTokens.IssueAsync(person.SessionId, context.RequestAborted)));
    }

    private static async Task<Results<Ok<TokenAnswer>, ProblemHttpResult>> RefreshAsync(
        RefreshRequest request, IRefreshTokens refreshTokens, TokenAnswers answers, HttpContext context)
    {
        if (Missing((nameof(request.RefreshToken), request.RefreshToken)) is { } invalid)
        {
            return invalid;
        }

        var outcome = await refreshTokens.ExchangeAsync(request.RefreshToken!, context.RequestAborted);
        return outcome.Ok ? TypedResults.Ok(answers.Make(outcome.Person, outcome.Token)) : ErrorTable.Problem(ErrorCodes.RefreshRefused);
    }

    private static async Task<NoContent> LogoutAsync(SignInFlow flow, HttpContext context)
    {
        await flow.EndAsync(context);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<MeAnswer>, ProblemHttpResult>> Me(ISignInSessions sessions, HttpContext context) =>
        context.User.GetSignInSession() is { } id && await sessions.FindAsync(id, context.RequestAborted) is { } person
            ? TypedResults.Ok(new MeAnswer(person.UserId, person.UserName, person.Email, Roles.Name(person.Role), person.SessionId))
            : ErrorTable.Problem(ErrorCodes.NotSignedIn);

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangePasswordAsync(
        ChangePasswordRequest request, IAccounts accounts, SignInLimiter limiter, HttpContext context)
    {
        if (Missing((nameof(request.CurrentPassword), request.CurrentPassword), (nameof(request.NewPassword), request.NewPassword)) is { } invalid)
        {
            return invalid;
        }

        var actor = context.User.ToActor();
        if (limiter.Try(context, actor.UserId.ToString()) is { } wait)
        {
            return Refuse(context, SignInResult.Limited(wait));
        }

        var outcome = await accounts.ChangePasswordAsync(
            actor.UserId, request.CurrentPassword!, request.NewPassword!, actor.SignInSession ?? default, context.RequestAborted);
        return outcome.Ok ? TypedResults.NoContent() : ErrorTable.Problem(outcome.Errors);
    }

    private static async Task<Ok<SignInSessionsAnswer>> ListAsync(ISignInSessions sessions, HttpContext context)
    {
        var actor = context.User.ToActor();
        var live = await sessions.ListAsync(actor.UserId, context.RequestAborted);
        return TypedResults.Ok(new SignInSessionsAnswer(
            [.. live.Select(s => new SignInSessionAnswer(
                s.Id, s.Bearer ? "bearer" : "cookie", s.CreatedAt, s.LastSeenAt, s.Address, s.UserAgent, s.Id == actor.SignInSession))]));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(Guid id, ISignInSessions sessions, HttpContext context) =>
        await sessions.RevokeAsync(context.User.ToActor().UserId, id, context.RequestAborted)
            ? TypedResults.NoContent()
            : ErrorTable.Problem(ErrorCodes.NotFound);

    private static ProblemHttpResult Refuse(HttpContext context, SignInResult result)
    {
        if (result.RetryAfter == 0)
        {
            return ErrorTable.Problem(result.Code!);
        }

        context.Response.Headers.RetryAfter = result.RetryAfter.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return ErrorTable.Problem(ErrorCodes.RateLimited, $"Too many tries. Try again in {result.RetryAfter} s.");
    }

    private static ProblemHttpResult? Missing(params (string Name, string? Value)[] fields)
    {
        var errors = fields.Where(f => f.Value is not { Length: > 0 and <= MaxField }).ToDictionary(
            f => char.ToLowerInvariant(f.Name[0]) + f.Name[1..], _ => new[] { $"It is needed, with 1 to {MaxField} characters." });
        return errors.Count == 0 ? null : ErrorTable.Invalid(errors);
    }

    private static ValueTask<object?> NoStoreAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}

/// <summary>Makes the answers that carry tokens.</summary>
internal sealed class TokenAnswers(AccessTokens tokens, IOptions<SignInSettings> settings)
{
    public TokenAnswer Make(SignedIn person, string refreshToken)
    {
        var lifetime = TimeSpan.FromMinutes(settings.Value.AccessTokenMinutes);
        return new(tokens.Make(person.SessionId, lifetime), refreshToken, (int)lifetime.TotalSeconds, "Bearer");
    }
}

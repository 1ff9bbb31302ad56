using AgentLab.Core.Identity;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using AgentLab.Web.Hosting.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentLab.Web.Features.Account;

/// <summary>The accounts, for administrators: <c>/api/v1/users</c>.</summary>
internal static class UsersApi
{
    private const int MaxField = 256;

    public static void MapUsersApi(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/api/v1/users").RequireAuthorization(Policies.Admin).WithTags("Users");
        users.MapGet("", ListAsync).WithName("listUsers").WithSummary("The accounts by name.");
        users.MapPost("", CreateAsync).WithName("createUser").WithIdempotencyKey(body => ((CreateUserRequest)body) with { Password = null })
            .WithSummary("Make an account. Names and addresses are unique; under an `Idempotency-Key` a request that comes twice gets the first one's answer.");
        users.MapPost("/{id:guid}/disable", (Guid id, IAccounts accounts, CancellationToken token) => SetAsync(id, false, accounts, token))
            .WithName("disableUser").WithSummary("Disable an account; its sign-ins end.");
        users.MapPost("/{id:guid}/enable", (Guid id, IAccounts accounts, CancellationToken token) => SetAsync(id, true, accounts, token))
            .WithName("enableUser").WithSummary("Enable an account again.");
        users.MapPost("/{id:guid}/role", SetRoleAsync).WithName("setUserRole").WithSummary("Give an account another role; the last administrator stays one.");
    }

    private static async Task<Results<Ok<PageResponse<UserAnswer>>, ProblemHttpResult>> ListAsync(
        IAccounts accounts, CancellationToken cancellationToken, int? limit = null, string? cursor = null)
    {
        var checks = new RequestChecks();
        var most = checks.Limit(limit);
        var after = NameAfter(cursor, checks);
        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        var found = await accounts.ListAsync(after, most + 1, cancellationToken);
        var items = found.Take(most).Select(ToAnswer).ToList();
        var next = found.Count > most ? UserCursor.Write(items[^1].UserName) : null;
        return TypedResults.Ok(new PageResponse<UserAnswer> { Items = items, NextCursor = next });
    }

    private static string? NameAfter(string? cursor, RequestChecks checks)
    {
        try
        {
            return UserCursor.Read(cursor);
        }
        catch (FormatException)
        {
            checks.Add("cursor", "The cursor is not one that this list gave out.");
            return null;
        }
    }

    private static async Task<Results<Created<UserAnswer>, ProblemHttpResult>> CreateAsync(
        CreateUserRequest request, IAccounts accounts, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<string, string[]>();
        Need("email", request.Email, errors);
        Need("password", request.Password, errors);
        if (request.UserName?.Length > MaxField)
        {
            errors["userName"] = [$"Allowed are 1 to {MaxField} characters."];
        }

        var role = request.Role ?? Roles.Editor;
        if (!Roles.All.Contains(role))
        {
            errors["role"] = [$"Allowed are {string.Join(", ", Roles.All)}."];
        }

        if (errors.Count > 0)
        {
            return ErrorTable.Invalid(errors);
        }

        var outcome = await accounts.CreateAsync(
            new(request.Email!, request.Password!, Roles.Highest([role]), request.UserName), cancellationToken);
        return outcome.Ok ? TypedResults.Created($"/api/v1/users/{outcome.Value.Id}", ToAnswer(outcome.Value)) : ErrorTable.Problem(outcome.Errors);
    }

    private static async Task<Results<Ok<UserAnswer>, ProblemHttpResult>> SetAsync(
        Guid id, bool enabled, IAccounts accounts, CancellationToken cancellationToken)
    {
        var outcome = await accounts.SetEnabledAsync(id, enabled, cancellationToken);
        return outcome.Ok ? TypedResults.Ok(ToAnswer(outcome.Value)) : ErrorTable.Problem(outcome.Errors);
    }

    private static async Task<Results<Ok<UserAnswer>, ProblemHttpResult>> SetRoleAsync(
        Guid id, UserRoleRequest request, IAccounts accounts, CancellationToken cancellationToken)
    {
        if (!Roles.All.Contains(request.Role))
        {
            return ErrorTable.Invalid("role", $"Allowed are {string.Join(", ", Roles.All)}.");
        }

        var outcome = await accounts.SetRoleAsync(id, Roles.Highest([request.Role!]), cancellationToken);
        return outcome.Ok ? TypedResults.Ok(ToAnswer(outcome.Value)) : ErrorTable.Problem(outcome.Errors);
    }

    private static void Need(string field, string? value, Dictionary<string, string[]> errors)
    {
        if (value is not { Length: > 0 and <= MaxField })
        {
            errors[field] = [$"It is needed, with 1 to {MaxField} characters."];
        }
    }

    private static UserAnswer ToAnswer(Core.Identity.Account account) =>
        new(account.Id, account.UserName, account.Email, Roles.Name(account.Role), account.Enabled, account.CreatedAt);
}

/// <summary>An account to make.</summary>
/// <param name="Email">The e-mail address.</param>
/// <param name="Password">The first password.</param>
/// <param name="Role">admin, editor or viewer; editor when left out.</param>
/// <param name="UserName">The name to sign in with; the e-mail address when left out.</param>
internal sealed record CreateUserRequest(string? Email, string? Password, string? Role, string? UserName);

/// <summary>Another role.</summary>
/// <param name="Role">admin, editor or viewer.</param>
internal sealed record UserRoleRequest(string? Role);

/// <summary>An account.</summary>
/// <param name="Id">The person.</param>
/// <param name="UserName">The name to sign in with.</param>
/// <param name="Email">The e-mail address.</param>
/// <param name="Role">admin, editor or viewer.</param>
/// <param name="Enabled">False once disabled.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record UserAnswer(Guid Id, string UserName, string Email, string Role, bool Enabled, DateTimeOffset CreatedAt);

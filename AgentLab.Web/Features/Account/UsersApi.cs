using AgentLab.Core.Identity;
using AgentLab.Web.Hosting.Problems;
using AgentLab.Web.Hosting.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentLab.Web.Features.Account;

/// <summary>The accounts, for administrators: <c>/api/v1/users</c>.</summary>
internal static class UsersApi
{
    private const int MaxField = 256;
    private const int DefaultPage = 20;
    private const int MaxPage = 100;

    public static void MapUsersApi(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/api/v1/users").RequireAuthorization(Policies.Admin).WithTags("Users");
        users.MapGet("", ListAsync).WithName("listUsers").WithSummary("The accounts by name; `after` is the name of the last one seen.");
        users.MapPost("", CreateAsync).WithName("createUser")
            .WithSummary("Make an account. Names and addresses are unique, so a request sent twice makes one.");
        users.MapPost("/{id:guid}/disable", (Guid id, IAccounts accounts, CancellationToken token) => SetAsync(id, false, accounts, token))
            .WithName("disableUser").WithSummary("Disable an account; its sign-ins end.");
        users.MapPost("/{id:guid}/enable", (Guid id, IAccounts accounts, CancellationToken token) => SetAsync(id, true, accounts, token))
            .WithName("enableUser").WithSummary("Enable an account again.");
    }

    private static async Task<Results<Ok<UserPage>, ProblemHttpResult>> ListAsync(
        IAccounts accounts, CancellationToken cancellationToken, string? after = null, int limit = DefaultPage)
    {
        if (limit is < 1 or > MaxPage)
        {
            return ErrorTable.Invalid("limit", $"Allowed are 1 to {MaxPage}.");
        }

        var found = await accounts.ListAsync(after, limit + 1, cancellationToken);
        var items = found.Take(limit).Select(ToAnswer).ToList();
        return TypedResults.Ok(new UserPage(items, found.Count > limit ? items[^1].UserName : null));
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

/// <summary>An account.</summary>
/// <param name="Id">The person.</param>
/// <param name="UserName">The name to sign in with.</param>
/// <param name="Email">The e-mail address.</param>
/// <param name="Role">admin, editor or viewer.</param>
/// <param name="Enabled">False once disabled.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record UserAnswer(Guid Id, string UserName, string Email, string Role, bool Enabled, DateTimeOffset CreatedAt);

/// <summary>Accounts by name.</summary>
/// <param name="Items">The accounts.</param>
/// <param name="Next">What to give as <c>after</c> for the next page; null on the last.</param>
internal sealed record UserPage(IReadOnlyList<UserAnswer> Items, string? Next);

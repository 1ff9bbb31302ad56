using AgentLab.Core.Identity;
using AgentLab.Web.Features.Account.Setup;
using AgentLab.Web.Hosting.RateLimits;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Account.Pages;

/// <summary>Makes the first administrator. Answers only until there is one.</summary>
public sealed partial class SetupPage : AccountPage
{
    private bool _local;

    [Inject]
    private IAccounts Accounts { get; set; } = default!;

    [Inject]
    private SetupGate Gate { get; set; } = default!;

    [Inject]
    private SignInFlow Flow { get; set; } = default!;

    [Inject]
    private SignInLimiter Limiter { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "setup", Name = "code")]
    private string? Code { get; set; }

    [SupplyParameterFromForm(FormName = "setup", Name = "email")]
    private string? Email { get; set; }

    [SupplyParameterFromForm(FormName = "setup", Name = "userName")]
    private string? UserName { get; set; }

    [SupplyParameterFromForm(FormName = "setup", Name = "password")]
    private string? Password { get; set; }

    protected override void OnInitialized()
    {
        base.OnInitialized();
        _local = SetupGate.IsLocal(Http);
    }

    private async Task SubmitAsync()
    {
        if (Limiter.Try(Http, "setup") is { } wait)
        {
            NoteLimit(wait);
            return;
        }

        if (!_local && !Gate.IsCode(Code))
        {
            Http.Response.StatusCode = StatusCodes.Status403Forbidden;
            Faults["code"] = "This is not the code that the console shows.";
            return;
        }

        if (Email is not { Length: > 0 and <= MaxField } || Password is not { Length: > 0 and <= MaxField } || UserName?.Length > MaxField)
        {
            Faults[""] = "Enter an e-mail address and a password.";
            return;
        }

        var outcome = await Accounts.CreateFirstAdministratorAsync(
            new(Email, Password, ActorRole.Admin, string.IsNullOrWhiteSpace(UserName) ? null : UserName), Http.RequestAborted);
        if (!outcome.Ok)
        {
            Note(outcome.Errors);
            return;
        }

        var person = await Flow.BeginAsync(Http, outcome.Value.Id, bearer: false, keep: false);
        await Flow.SetCookieAsync(Http, person, keep: false);
        GoTo("/");
    }
}

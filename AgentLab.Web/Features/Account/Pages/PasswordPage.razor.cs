using AgentLab.Core.Identity;
using AgentLab.Web.Features.Account.Authentication;
using AgentLab.Web.Hosting.RateLimits;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Account.Pages;

/// <summary>Changes the own password.</summary>
public sealed partial class PasswordPage : AccountPage
{
    private bool _changed;

    [Inject]
    private IAccounts Accounts { get; set; } = default!;

    [Inject]
    private SignInLimiter Limiter { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "password", Name = "currentPassword")]
    private string? CurrentPassword { get; set; }

    [SupplyParameterFromForm(FormName = "password", Name = "newPassword")]
    private string? NewPassword { get; set; }

    private async Task SubmitAsync()
    {
        var actor = Http.User.ToActor();
        if (Limiter.Try(Http, actor.UserId.ToString()) is { } wait)
        {
            NoteLimit(wait);
            return;
        }

        if (CurrentPassword is not { Length: > 0 and <= MaxField } || NewPassword is not { Length: > 0 and <= MaxField })
        {
            Faults[""] = "Enter both passwords.";
            return;
        }

        var outcome = await Accounts.ChangePasswordAsync(
            actor.UserId, CurrentPassword, NewPassword, actor.SignInSession ?? default, Http.RequestAborted);
        _changed = outcome.Ok;
        Note(outcome.Errors);
    }
}

using AgentLab.Core.Identity;
using AgentLab.Web.Features.Account.Authentication;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Account.Pages;

/// <summary>Lists the own sign-in sessions and ends them.</summary>
public sealed partial class SignInsPage : AccountPage
{
    private IReadOnlyList<SignInSummary> _sessions = [];
    private Guid? _current;

    [Inject]
    private ISignInSessions Sessions { get; set; } = default!;

    private Guid UserId => Http.User.ToActor().UserId;

    protected override Task OnInitializedAsync()
    {
        _current = Http.User.GetSignInSession();
        return LoadAsync();
    }

    private async Task LoadAsync() => _sessions = await Sessions.ListAsync(UserId, Http.RequestAborted);

    private async Task EndAsync(Guid id)
    {
        await Sessions.RevokeAsync(UserId, id, Http.RequestAborted);
        await LoadAsync();
    }

    private async Task EndOthersAsync()
    {
        await Sessions.RevokeAllAsync(UserId, _current, Http.RequestAborted);
        await LoadAsync();
    }
}

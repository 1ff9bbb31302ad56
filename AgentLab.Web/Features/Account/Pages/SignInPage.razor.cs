using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Account.Pages;

/// <summary>Asks for name and password.</summary>
public sealed partial class SignInPage : AccountPage
{
    [Inject]
    private SignInFlow Flow { get; set; } = default!;

    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in", Name = "returnUrl")]
    private string? PostedReturnUrl { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in", Name = "name")]
    private string? Name { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in", Name = "password")]
    private string? Password { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in", Name = "keep")]
    private bool Keep { get; set; }

    protected override void OnInitialized()
    {
        base.OnInitialized();
        if (HttpMethods.IsGet(Http.Request.Method) && Http.User.Identity?.IsAuthenticated == true)
        {
            GoTo(ReturnUrl);
        }
    }

    private async Task SubmitAsync()
    {
        if (Name is not { Length: > 0 and <= MaxField } || Password is not { Length: > 0 and <= MaxField })
        {
            Http.Response.StatusCode = StatusCodes.Status400BadRequest;
            Faults[""] = "Enter your name and your password.";
            return;
        }

        var result = await Flow.TryAsync(Http, Name, Password, bearer: false, Keep);
        if (result.Person is { } person)
        {
            await Flow.SetCookieAsync(Http, person, Keep);
            GoTo(PostedReturnUrl);
        }
        else if (result.RetryAfter > 0)
        {
            NoteLimit(result.RetryAfter);
        }
        else
        {
            var entry = ErrorTable.Get(result.Code!);
            Http.Response.StatusCode = entry.Status;
            Faults[""] = $"{entry.Title} {entry.Mend}";
        }
    }
}

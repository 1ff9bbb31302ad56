using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Account.Pages;

/// <summary>What the account pages share: they are rendered on the server as plain forms, since a circuit cannot set cookies.</summary>
public abstract class AccountPage : ComponentBase
{
    /// <summary>The longest text that a field takes.</summary>
    protected const int MaxField = 256;

    /// <summary>The request.</summary>
    [CascadingParameter]
    protected HttpContext Http { get; set; } = default!;

    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    /// <summary>What is wrong with a field, or with the form as a whole under "".</summary>
    protected Dictionary<string, string> Faults { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override void OnInitialized() => Http.Response.Headers.CacheControl = "no-store";

    /// <summary>Goes to a page of AgentLab; anything that is not a path of our own leads to the start page.</summary>
    protected void GoTo(string? returnUrl) => Navigation.NavigateTo(IsOwnPath(returnUrl) ? returnUrl! : "/");

    /// <summary>Notes the errors of a failed outcome.</summary>
    protected void Note(IEnumerable<Core.LabError> errors)
    {
        foreach (var group in errors.GroupBy(e => e.Field ?? ""))
        {
            Faults[group.Key] = string.Join(" ", group.Select(e => e.Message));
        }
    }

    /// <summary>Notes that there were too many tries.</summary>
    protected void NoteLimit(int seconds)
    {
        Http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        Http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Faults[""] = $"Too many tries. Try again in {seconds} seconds.";
    }

    private static bool IsOwnPath(string? url) =>
        url is ['/', ..] && !url.StartsWith("//", StringComparison.Ordinal) && !url.StartsWith("/\\", StringComparison.Ordinal) && !url.Any(char.IsControl);
}

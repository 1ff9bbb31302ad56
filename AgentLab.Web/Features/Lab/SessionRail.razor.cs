using AgentLab.Core.Sessions;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Lab;

/// <summary>The newest sessions of the person, beside the conversation.</summary>
public sealed partial class SessionRail : IDisposable
{
    private const int Shown = 20;

    private readonly CancellationTokenSource _leaving = new();
    private List<SessionSummary>? _sessions;

    /// <summary>The session that is open.</summary>
    [Parameter]
    public SessionId? Selected { get; set; }

    [Parameter]
    public Person? Person { get; set; }

    [Inject]
    private ISessionReader Reader { get; set; } = default!;

    /// <summary>Puts a new session on top, or changes the row of one that is there.</summary>
    public void Show(SessionSummary session)
    {
        if (_sessions is null)
        {
            return;
        }

        var at = _sessions.FindIndex(row => row.Id == session.Id);
        if (at >= 0)
        {
            _sessions[at] = session;
        }
        else
        {
            _sessions.Insert(0, session);
        }

        StateHasChanged();
    }

    /// <summary>Takes a deleted session away.</summary>
    public void Forget(SessionId? id)
    {
        _sessions?.RemoveAll(row => row.Id == id);
        StateHasChanged();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (_sessions is null && Person is not null)
        {
            var page = await Reader.ListAsync(new SessionQuery { OwnerId = Person.Actor.UserId, Limit = Shown }, _leaving.Token);
            _sessions = [.. page.Items];
        }
    }
}

using AgentLab.Core.Agents;
using AgentLab.Core.Sessions;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Sessions;

/// <summary>The list of sessions. Its filters and its page are its address.</summary>
public sealed partial class SessionsPage : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private readonly HashSet<string> _own = [];
    private CancellationTokenSource? _loading;
    private IReadOnlyList<Agent> _agents = [];
    private Page<SessionSummary>? _page;
    private Person? _person;
    private string _text = "";
    private string _agent = "";
    private string _status = "";
    private bool _everyone;

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    [SupplyParameterFromQuery]
    public string? Agent { get; set; }

    [SupplyParameterFromQuery]
    public string? Status { get; set; }

    /// <summary>All people's sessions, for administrators.</summary>
    [SupplyParameterFromQuery]
    public bool Everyone { get; set; }

    [SupplyParameterFromQuery]
    public string? Cursor { get; set; }

    [Inject]
    private ICurrentPerson Current { get; set; } = default!;

    [Inject]
    private ISessionReader Reader { get; set; } = default!;

    [Inject]
    private IAgentStore Agents { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private bool Filtered => !string.IsNullOrEmpty(Text) || !string.IsNullOrEmpty(Agent) || !string.IsNullOrEmpty(Status) || Cursor is not null;

    /// <inheritdoc />
    public void Dispose()
    {
        _leaving.Cancel();
        _loading?.Dispose();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive)
        {
            return;
        }

        // What is typed now wins over the address that an earlier letter led to; an address from elsewhere (a link, Back) fills the filters.
        if (!_own.Remove(Navigation.Uri))
        {
            (_text, _agent, _status, _everyone) = (Text ?? "", Agent ?? "", Status ?? "", Everyone);
        }

        _loading?.Cancel();
        _loading?.Dispose();
        _loading = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token);
        try
        {
            await LoadAsync(_loading.Token);
        }
        catch (OperationCanceledException)
        {
            // A newer filter took its place, or the viewer left.
        }
    }

    private async Task LoadAsync(CancellationToken ct)
    {
        _person = await Current.GetAsync(ct);
        if (_agents.Count == 0)
        {
            _agents = (await Agents.ListAsync(new AgentQuery { Limit = 100 }, _person.Actor, ct)).Items;
        }

        var query = new SessionQuery
        {
            OwnerId = Everyone && _person.Actor.IsAdministrator ? null : _person.Actor.UserId,
            AgentId = Guid.TryParse(Agent, out var agent) ? agent : null,
            Status = Enum.TryParse<SessionStatus>(Status, ignoreCase: true, out var status) ? status : null,
            Text = string.IsNullOrWhiteSpace(Text) ? null : Text,
            Cursor = Cursor,
        };
        try
        {
            _page = await Reader.ListAsync(query, ct);
        }
        catch (FormatException)
        {
            Navigation.NavigateTo(Address(null), replace: true);
        }
    }

    private void Go(string? cursor)
    {
        var address = Address(cursor);
        _own.Add(Navigation.ToAbsoluteUri(address).AbsoluteUri);
        Navigation.NavigateTo(address, replace: true);
    }

    private string Address(string? cursor) => Navigation.GetUriWithQueryParameters("/sessions", new Dictionary<string, object?>
    {
        ["q"] = Blank(_text),
        ["agent"] = Blank(_agent),
        ["status"] = Blank(_status),
        ["everyone"] = _everyone ? true : null,
        ["cursor"] = cursor,
    });

    private static string? Blank(string text) => string.IsNullOrEmpty(text) ? null : text;
}

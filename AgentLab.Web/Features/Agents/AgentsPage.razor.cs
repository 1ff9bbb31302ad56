using AgentLab.Core.Agents;
using AgentLab.Core.Sessions;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace AgentLab.Web.Features.Agents;

/// <summary>The list of agents. Its filters and its page are its address.</summary>
public sealed partial class AgentsPage : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private readonly HashSet<string> _own = [];
    private CancellationTokenSource? _loading;
    private Page<Agent>? _page;
    private Person? _person;
    private string? _problem;
    private string _text = "";
    private string _status = "";
    private string _type = "";

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    [SupplyParameterFromQuery]
    public string? Status { get; set; }

    [SupplyParameterFromQuery]
    public string? Type { get; set; }

    [SupplyParameterFromQuery]
    public string? Cursor { get; set; }

    [Inject]
    private ICurrentPerson Current { get; set; } = default!;

    [Inject]
    private IAgentStore Agents { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private bool Filtered => !string.IsNullOrEmpty(Text) || !string.IsNullOrEmpty(Status) || !string.IsNullOrEmpty(Type);

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
            (_text, _status, _type) = (Text ?? "", Status ?? "", Type ?? "");
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
        var query = new AgentQuery
        {
            Status = Enum.TryParse<AgentStatus>(Status, ignoreCase: true, out var status) ? status : null,
            Type = Enum.TryParse<AgentType>(Type, ignoreCase: true, out var type) ? type : null,
            Text = string.IsNullOrWhiteSpace(Text) ? null : Text,
            Cursor = Cursor,
        };
        try
        {
            _page = await Agents.ListAsync(query, _person.Actor, ct);
        }
        catch (FormatException)
        {
            Navigation.NavigateTo(Address(null), replace: true);
        }
    }

    private void Go()
    {
        var address = Address(null);
        _own.Add(Navigation.ToAbsoluteUri(address).AbsoluteUri);
        Navigation.NavigateTo(address, replace: true);
    }

    private string Address(string? cursor) => Navigation.GetUriWithQueryParameters("/agents", new Dictionary<string, object?>
    {
        ["q"] = _text.Length == 0 ? null : _text,
        ["status"] = _status.Length == 0 ? null : _status,
        ["type"] = _type.Length == 0 ? null : _type,
        ["cursor"] = cursor,
    });

    private async Task ImportAsync(InputFileChangeEventArgs change)
    {
        _problem = null;
        if (change.File.Size > AgentFile.MaxBytes)
        {
            _problem = $"{change.File.Name} is larger than {Show.Size(AgentFile.MaxBytes)}: it is not an exported agent.";
            return;
        }

        using var reader = new StreamReader(change.File.OpenReadStream(AgentFile.MaxBytes, _leaving.Token));
        var text = await reader.ReadToEndAsync(_leaving.Token);
        if (!AgentFile.TryRead(text, out var definition, out var error))
        {
            _problem = $"{change.File.Name}: {error.Message}";
            return;
        }

        var created = await Agents.CreateAsync(definition, AgentStatus.Draft, _person!.Actor, _leaving.Token);
        if (created.Ok)
        {
            Navigation.NavigateTo($"/agents/{created.Value.Id}");
        }
        else
        {
            _problem = $"{change.File.Name}: {string.Join(" ", created.Errors.Select(e => e.Message))}";
        }
    }
}

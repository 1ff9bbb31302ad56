using AgentLab.Core.Sessions;
using AgentLab.Web.Features.Lab.View;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Lab;

/// <summary>
/// The Lab: sessions, the conversation, the inspector. Which session, which tab and which event it shows is its address, so that a link and a reload
/// show the same.
/// </summary>
public sealed partial class LabPage : IAsyncDisposable
{
    private static readonly TimeSpan RenderInterval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _leaving = new();
    private Throttler? _renders;
    private OpenSession? _open;
    private Person? _person;
    private SessionRail? _rail;
    private SessionStatus? _shownStatus;
    private bool _badId;

    [Parameter]
    public string? Id { get; set; }

    /// <summary>The agent that the start page has picked: an id or a slug.</summary>
    [SupplyParameterFromQuery]
    public string? Agent { get; set; }

    /// <summary>The workflow that the start page has picked: an id or a slug.</summary>
    [SupplyParameterFromQuery]
    public string? Workflow { get; set; }

    /// <summary>The inspector's tab.</summary>
    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    /// <summary>The event that the inspector shows.</summary>
    [SupplyParameterFromQuery]
    public long? Seq { get; set; }

    [Inject]
    private ICurrentPerson Current { get; set; } = default!;

    [Inject]
    private ISessionFeed Feed { get; set; } = default!;

    [Inject]
    private ISessionReader Reader { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        _renders?.Dispose();
        if (_open is not null)
        {
            _open.Changed -= OnChanged;
            await _open.DisposeAsync();
        }

        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        // The server draws the frame first; a session is read once, when the circuit runs.
        if (!RendererInfo.IsInteractive)
        {
            return;
        }

        _person ??= await Current.GetAsync(_leaving.Token);
        await SelectAsync();
    }

    private async Task SelectAsync()
    {
        _badId = Id is not null && !SessionId.TryParse(Id, null, out _);
        var id = _badId || Id is null ? (SessionId?)null : SessionId.Parse(Id);
        if (id == _open?.Id)
        {
            return;
        }

        var before = _open;
        _open = null;
        if (id is { } wanted)
        {
            _renders ??= new Throttler(Time, RenderInterval, () => InvokeAsync(Render), DispatchExceptionAsync);
            _open = new OpenSession(wanted, Feed, Reader, _person!.Viewer, Time, InvokeAsync, DispatchExceptionAsync);
            _open.Changed += OnChanged;
            _shownStatus = null;
            _open.Start();
        }

        if (before is not null)
        {
            before.Changed -= OnChanged;
            await before.DisposeAsync();
        }
    }

    private void OnChanged() => _renders?.Request();

    private void Render()
    {
        if (_open?.Summary is { } summary && _open.Status != _shownStatus)
        {
            _shownStatus = _open.Status;
            _rail?.Show(summary with { Status = _open.Status });
        }

        StateHasChanged();
    }

    private Task StartedAsync(CommandReceipt receipt)
    {
        _rail?.Show(receipt.Session);
        Navigation.NavigateTo($"/lab/{receipt.Session.Id}");
        return Task.CompletedTask;
    }

    private Task TakeAsync(SessionSummary? summary)
    {
        if (summary is null)
        {
            _rail?.Forget(_open?.Id);
            Navigation.NavigateTo("/lab");
        }
        else
        {
            _open?.Take(summary with { Status = _open.Status });
            _rail?.Show(summary);
        }

        return Task.CompletedTask;
    }
}

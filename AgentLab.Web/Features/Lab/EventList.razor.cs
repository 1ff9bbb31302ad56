using AgentLab.Core.Sessions;
using AgentLab.Web.Features.Lab.View;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using Microsoft.JSInterop;

namespace AgentLab.Web.Features.Lab;

/// <summary>Every event of the session, deltas included. Sequences have no gaps, so any window is read by its numbers and the page holds only that.</summary>
public sealed partial class EventList : IDisposable
{
    private const int RowHeight = 30;

    private readonly CancellationTokenSource _leaving = new();
    private Virtualize<SessionEvent>? _list;
    private Throttler? _refresh;
    private SessionEvent? _selected;
    private long? _jump;
    private long _shownHead;
    private long? _shownSequence;

    [Parameter, EditorRequired]
    public OpenSession Open { get; set; } = default!;

    /// <summary>The last sequence.</summary>
    [Parameter, EditorRequired]
    public long Head { get; set; }

    /// <summary>The event to show.</summary>
    [Parameter]
    public long? Sequence { get; set; }

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    /// <inheritdoc />
    public void Dispose()
    {
        _refresh?.Dispose();
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override void OnInitialized() =>
        _refresh = new Throttler(Time, TimeSpan.FromMilliseconds(500), () => InvokeAsync(RefreshAsync), DispatchExceptionAsync);

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (Head != _shownHead)
        {
            _shownHead = Head;
            _refresh?.Request();
        }
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Sequence is { } wanted && wanted != _shownSequence && Head > 0)
        {
            _shownSequence = wanted;
            await ShowAsync(wanted);
        }
    }

    private async Task RefreshAsync()
    {
        if (_list is not null)
        {
            await _list.RefreshDataAsync();
            StateHasChanged();
        }
    }

    private async ValueTask<ItemsProviderResult<SessionEvent>> ProvideAsync(ItemsProviderRequest request)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(request.CancellationToken, _leaving.Token);
        var count = (int)Math.Min(request.Count, Head - request.StartIndex);
        var events = count <= 0 ? [] : await Open.EventsAsync(request.StartIndex, count, both.Token);
        return new ItemsProviderResult<SessionEvent>(events, (int)Math.Min(int.MaxValue, Head));
    }

    private void Select(SessionEvent e) => _selected = e.Sequence == _selected?.Sequence ? null : e;

    private Task Jump() => _jump is { } to ? ShowAsync(Math.Clamp(to, 1, Math.Max(1, Head))) : Task.CompletedTask;

    private async Task ShowAsync(long sequence)
    {
        _selected = await Open.EventAsync(sequence, _leaving.Token);
        StateHasChanged();
        try
        {
            await Js.InvokeVoidAsync("lab.scrollTo", _leaving.Token, "event-rows", Math.Max(0, sequence - 3) * RowHeight);
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException)
        {
            // The viewer has left.
        }
    }
}

using AgentLab.Core.Approvals;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Approvals;

/// <summary>How many questions wait for the person, in the top bar: counted when the page opens and after each change.</summary>
public sealed partial class ApprovalBell
{
    private const int Most = 99;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _leaving = new();
    private Throttler? _counting;
    private IDisposable? _listening;
    private int _open;

    [Inject]
    private IApprovals Approvals { get; set; } = default!;

    [Inject]
    private IApprovalWatch Watch { get; set; } = default!;

    [Inject]
    private ICurrentPerson Current { get; set; } = default!;

    [Inject]
    private Browser Browser { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    private string Label => _open switch
    {
        0 => "Approvals: nothing waits for you",
        1 => "Approvals: 1 question waits for you",
        > Most => $"Approvals: more than {Most} questions wait for you",
        _ => $"Approvals: {_open} questions wait for you",
    };

    /// <inheritdoc />
    public void Dispose()
    {
        _listening?.Dispose();
        _counting?.Dispose();
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _counting = new Throttler(Time, Interval, () => InvokeAsync(CountAsync), DispatchExceptionAsync);
            _listening = Watch.Listen(_counting.Request);
            _counting.Request();
        }
    }

    private async Task CountAsync()
    {
        if (_leaving.IsCancellationRequested)
        {
            return;
        }

        var before = _open;
        try
        {
            var person = await Current.GetAsync(_leaving.Token);
            _open = person.Actor.MayEdit ? await Approvals.CountOpenAsync(person.Actor, Most + 1, _leaving.Token) : 0;
        }
        catch (Exception)
        {
            // The viewer left, the sign-in has ended (the page says so itself), or the database is away: that must not end the page under the bell. The next change counts again.
            return;
        }

        if (_open != before)
        {
            StateHasChanged();
        }

        if (_open > before)
        {
            await Browser.AnnounceAsync(Label, _leaving.Token);
        }
    }
}

using System.Globalization;
using AgentLab.Core.Dashboard;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Dashboard;

/// <summary>How the runs go, followed while it is open. Its address is its state: <c>period</c> and, for administrators, <c>runs</c>.</summary>
public sealed partial class DashboardPage
{
    private static readonly TimeSpan RenderInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RightInterval = TimeSpan.FromSeconds(30);

    private static readonly IReadOnlyList<ChartSeries> RunSeries = [new("Done", "done", 0), new("Stopped", "cancelled", 2), new("Failed", "failed", 1)];
    private static readonly IReadOnlyList<ChartSeries> CostSeries = [new("Cost", "accent", 0)];
    private static readonly IReadOnlyList<ChartSeries> TokenSeries = [new("Tokens", "accent", 0)];

    private readonly CancellationTokenSource _leaving = new();
    private Person? _person;
    private DashboardScope? _scope;
    private DashboardWatch? _watch;
    private DashboardFigures? _shown;
    private Throttler? _renders;
    private string _period = "";
    private string _whose = "";
    private long _asked;
    private bool _ended;

    /// <summary>How far back: <c>week</c>, <c>month</c>; anything else is today.</summary>
    [SupplyParameterFromQuery]
    public string? Period { get; set; }

    /// <summary>Whose runs, for administrators: <c>mine</c>; anything else is everybody's.</summary>
    [SupplyParameterFromQuery]
    public string? Runs { get; set; }

    [Inject]
    private DashboardFeed Feed { get; set; } = default!;

    [Inject]
    private ICurrentPerson Current { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    // While another period is read, the figures before stay.
    private DashboardFigures? Figures => _ended ? null : _watch?.Latest?.Figures ?? _shown;

    private bool ByHour => _scope?.Period == DashboardPeriod.Today;

    private string Unit => ByHour ? "Hour (UTC)" : "Day (UTC)";

    private string PeriodWord => _scope?.Period switch
    {
        DashboardPeriod.Week => "in 7 days",
        DashboardPeriod.Month => "in 30 days",
        _ => "today",
    };

    /// <inheritdoc />
    public void Dispose()
    {
        _leaving.Cancel();
        _watch?.Dispose();
        _renders?.Dispose();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive || _ended)
        {
            return;
        }

        _renders ??= new Throttler(Clock, RenderInterval, () => InvokeAsync(RefreshAsync), DispatchExceptionAsync);
        (_period, _whose) = (Period is "week" or "month" ? Period : "", Runs == "mine" ? "mine" : "");
        await WatchAsync();
    }

    private static string Time(TimeSpan? time) => time is { } known ? Show.Duration((long)known.TotalMilliseconds) : "-";

    private static string Share(RunFigures runs) =>
        runs.Ended == 0 ? "of none" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * runs.Failed / runs.Ended:0.#} % of {runs.Ended}");

    private string Sessions(string status) => $"/sessions?status={status}{(_scope?.OwnerId is null ? "&everyone=true" : "")}";

    private void Go() => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters("/dashboard", new Dictionary<string, object?>
        {
            ["period"] = string.IsNullOrEmpty(_period) ? null : _period,
            ["runs"] = string.IsNullOrEmpty(_whose) ? null : _whose,
        }),
        replace: true);

    private async Task RefreshAsync()
    {
        if (_leaving.IsCancellationRequested)
        {
            return;
        }

        if (Clock.GetElapsedTime(_asked) >= RightInterval)
        {
            await WatchAsync();
        }

        StateHasChanged();
    }

    /// <summary>Watches what the address names, as far as this person may see it now; the right is asked again from time to time.</summary>
    private async Task WatchAsync()
    {
        try
        {
            _person = await Current.GetAsync(_leaving.Token);
            _asked = Clock.GetTimestamp();
        }
        catch (UnauthorizedAccessException)
        {
            _ended = true;
            _watch?.Dispose();
            return;
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            return;
        }

        var admin = _person.Actor.IsAdministrator;
        var period = _period switch { "week" => DashboardPeriod.Week, "month" => DashboardPeriod.Month, _ => DashboardPeriod.Today };
        var scope = new DashboardScope(admin && _whose.Length == 0 ? null : _person.Actor.UserId, period, admin);
        if (scope == _scope || _leaving.IsCancellationRequested)
        {
            return;
        }

        // Figures of other people must not stay in sight of one who may no longer see them.
        _shown = scope.OwnerId == _scope?.OwnerId && _watch?.Latest?.Figures is { } last && scope.Period == _scope?.Period ? last : null;
        _watch?.Dispose();
        _scope = scope;
        _watch = Feed.Watch(scope, _renders!.Request);
    }

    private IReadOnlyList<ChartBar> RunBars(DashboardFigures figures) =>
        Bars(figures, runs => [runs.Completed, runs.Failed, runs.Cancelled]);

    private IReadOnlyList<ChartBar> CostBars(DashboardFigures figures) => Bars(figures, runs => [runs.Cost]);

    private IReadOnlyList<ChartBar> TokenBars(DashboardFigures figures) => Bars(figures, runs => [runs.Tokens]);

    private IReadOnlyList<ChartBar> Bars(DashboardFigures figures, Func<RunFigures, IReadOnlyList<decimal>> values) =>
    [
        .. figures.Buckets.Select(bucket => new ChartBar(
            bucket.At.ToString(ByHour ? "HH:mm" : "ddd d MMM", CultureInfo.InvariantCulture), bucket.At.ToString(ByHour ? "HH:mm" : "d MMM", CultureInfo.InvariantCulture), values(bucket.Runs))),
    ];
}

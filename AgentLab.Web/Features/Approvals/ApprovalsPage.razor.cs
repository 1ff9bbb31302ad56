using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions;
using AgentLab.Web.Features.Workflows;
using AgentLab.Web.Features.Workflows.Runs;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Approvals;

/// <summary>The inbox: what waits for the person, live, and what was decided.</summary>
public sealed partial class ApprovalsPage
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<Guid, ApprovalView> _seen = [];
    private Throttler? _reading;
    private IDisposable? _listening;
    private string _status = "";
    private string _of = "";

    /// <summary><c>decided</c>; anything else for what waits.</summary>
    [SupplyParameterFromQuery]
    public string? Status { get; set; }

    /// <summary><c>all</c> for everyone's, which administrators see.</summary>
    [SupplyParameterFromQuery]
    public string? Of { get; set; }

    /// <inheritdoc />
    protected override string Path => "/approvals";

    /// <inheritdoc />
    protected override IEnumerable<(string Name, string? Value)> Filters => [("status", _status), ("of", _of)];

    private bool Decided => Status == "decided";

    [Inject]
    private IApprovals Approvals { get; set; } = default!;

    [Inject]
    private IApprovalWatch Watch { get; set; } = default!;

    [Inject]
    private Browser Browser { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    /// <inheritdoc />
    protected override void TakeFilters() => (_status, _of) = (Decided ? "decided" : "", Of == "all" ? "all" : "");

    /// <inheritdoc />
    protected override async ValueTask<Page<Approval>> ReadAsync(Person person, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(Cursor) && ApprovalPlace.Read(Cursor) is null)
        {
            throw new FormatException("This is not a cursor of this list.");
        }

        return await Approvals.ListAsync(new ApprovalQuery { Decided = Decided, Mine = Of != "all", Cursor = Cursor }, person.Actor, cancellationToken);
    }

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _reading = new Throttler(Time, Interval, () => InvokeAsync(AgainAsync), DispatchExceptionAsync);
            _listening = Watch.Listen(_reading.Request);
            _reading.Request();
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _listening?.Dispose();
            _reading?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task AgainAsync()
    {
        if (!Leaving.IsCancellationRequested)
        {
            await ReloadAsync();
            StateHasChanged();
        }
    }

    /// <summary>The same object for the same question: what was written into its card stays there.</summary>
    private ApprovalView Seen(Approval item)
    {
        if (!_seen.TryGetValue(item.Asked.ApprovalId, out var view))
        {
            _seen[item.Asked.ApprovalId] = view = new ApprovalView(item.Asked, null, item.Entry.Wait.Since);
        }

        return view;
    }

    private async Task<string?> AnswerAsync(Approval item, ApprovalAnswer answer)
    {
        var decided = await Approvals.DecideAsync(answer, Person!.Actor, Leaving);
        if (!decided.Ok)
        {
            return WorkflowWords.Of(decided.Errors);
        }

        await ReloadAsync();
        StateHasChanged();
        await Browser.AnnounceAsync($"{ApprovalWords.Of(decided.Value.Entry.Decision).Word}: {item.Asked.Title}", Leaving);
        return null;
    }
}

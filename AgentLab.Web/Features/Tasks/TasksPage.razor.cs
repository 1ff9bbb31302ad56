using System.Globalization;
using AgentLab.Core.Sessions;
using AgentLab.Core.Tasks;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Tasks;

/// <summary>The list of tasks, which follows what happens to them.</summary>
public sealed partial class TasksPage
{
    private static readonly TimeSpan ReadInterval = TimeSpan.FromMilliseconds(500);

    private string _text = "";
    private string _status = "";
    private string _priority = "";
    private string _repeats = "";
    private Throttler? _reads;
    private IDisposable? _listening;
    private bool _gone;

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    [SupplyParameterFromQuery]
    public string? Status { get; set; }

    [SupplyParameterFromQuery]
    public string? Priority { get; set; }

    /// <summary><c>true</c> for tasks that run again and again, <c>false</c> for others.</summary>
    [SupplyParameterFromQuery]
    public string? Repeats { get; set; }

    /// <inheritdoc />
    protected override string Path => "/tasks";

    /// <inheritdoc />
    protected override IEnumerable<(string Name, string? Value)> Filters => [("q", _text), ("status", _status), ("priority", _priority), ("repeats", _repeats)];

    [Inject]
    private ITasks Tasks { get; set; } = default!;

    [Inject]
    private ITaskSignal Signal { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    /// <inheritdoc />
    protected override void TakeFilters() => (_text, _status, _priority, _repeats) = (Text ?? "", Status ?? "", Priority ?? "", Repeats ?? "");

    /// <inheritdoc />
    protected override ValueTask<Page<LabTask>> ReadAsync(Person person, CancellationToken cancellationToken)
    {
        if (_reads is null)
        {
            _reads = new Throttler(Time, ReadInterval, () => InvokeAsync(RefreshAsync), DispatchExceptionAsync);
            _listening = Signal.Listen(_reads.Request);
        }

        var query = new TaskQuery
        {
            Status = Enum.TryParse<LabTaskStatus>(Status, ignoreCase: true, out var status) ? status : null,
            Priority = int.TryParse(Priority, NumberStyles.None, CultureInfo.InvariantCulture, out var priority) ? priority : null,
            Repeats = bool.TryParse(Repeats, out var repeats) ? repeats : null,
            Text = string.IsNullOrWhiteSpace(Text) ? null : Text,
            Cursor = Cursor,
        };
        return Tasks.ListAsync(query, person.Actor, cancellationToken);
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gone = true;
            _listening?.Dispose();
            _reads?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task RefreshAsync()
    {
        if (!_gone)
        {
            await ReloadAsync();
            StateHasChanged();
        }
    }
}

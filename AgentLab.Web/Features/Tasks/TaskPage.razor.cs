using AgentLab.Core;
using AgentLab.Core.Agents;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Tasks;
using AgentLab.Core.Workflows;
using AgentLab.Web.Features.Lab.View;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Tasks;

/// <summary>One task: its form, its schedule, what it does just now and what it did before.</summary>
public sealed partial class TaskPage : IAsyncDisposable
{
    private static readonly TimeSpan RenderInterval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _leaving = new();
    private Throttler? _renders;
    private Throttler? _reads;
    private IDisposable? _listening;
    private OpenSession? _open;
    private Person? _person;
    private LabTask? _task;
    private TaskForm? _form;
    private IReadOnlyList<TaskAttempt> _attempts = [];
    private IReadOnlyList<Agent> _agents = [];
    private IReadOnlyList<WorkflowSummary> _workflows = [];
    private Dictionary<string, string> _faults = [];
    private Guid? _loaded;
    private string? _note;
    private bool _missing;
    private bool _gone;

    // The version that the form was made from: what others saved meanwhile is never overwritten.
    private int _edited;

    /// <summary>The task; null for a new one.</summary>
    [Parameter]
    public Guid? Id { get; set; }

    [Inject]
    private ICurrentPerson Current { get; set; } = default!;

    [Inject]
    private ITasks Tasks { get; set; } = default!;

    [Inject]
    private ITaskSignal Signal { get; set; } = default!;

    [Inject]
    private IAgentStore Agents { get; set; } = default!;

    [Inject]
    private IWorkflowStore Workflows { get; set; } = default!;

    [Inject]
    private ISessionFeed Feed { get; set; } = default!;

    [Inject]
    private ISessionReader Reader { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private Browser Browser { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    private bool MayChange => _person is { } person && person.Actor.MayEdit && (_task is null || person.Actor.Owns(_task.OwnerId));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _gone = true;
        await _leaving.CancelAsync();
        _listening?.Dispose();
        _reads?.Dispose();
        _renders?.Dispose();
        await FollowAsync(null);
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive || (_form is not null && _loaded == Id))
        {
            return;
        }

        _loaded = Id;
        _person ??= await Current.GetAsync(_leaving.Token);
        if (_gone)
        {
            return;
        }

        if (_reads is null)
        {
            _renders = new Throttler(Time, RenderInterval, () => InvokeAsync(Render), DispatchExceptionAsync);
            _reads = new Throttler(Time, RenderInterval, () => InvokeAsync(RefreshAsync), DispatchExceptionAsync);
            _listening = Signal.Listen(_reads.Request);
            _agents = (await Agents.ListAsync(new AgentQuery { Limit = 100 }, _person.Actor, _leaving.Token)).Items;
            _workflows = [.. (await Workflows.ListAsync(new WorkflowQuery { Limit = 100 }, _person.Actor, _leaving.Token)).Items.Where(workflow => workflow.PublishedVersion is not null)];
        }

        if (Id is not { } id)
        {
            (_task, _attempts, _form) = (null, [], new TaskForm { Worker = _agents is [var first, ..] ? TaskForm.Value(TaskWorkerKind.Agent, first.Id) : "" });
            return;
        }

        var task = await Tasks.FindAsync(id, _person.Actor, _leaving.Token);
        _missing = task is null;
        if (task is not null)
        {
            (_form, _edited) = (TaskForm.From(task), task.Version);
            await TakeAsync(task);
        }
    }

    private void Render()
    {
        if (!_gone)
        {
            StateHasChanged();
        }
    }

    /// <summary>Reads the task again after something changed somewhere; what is typed in the form stays.</summary>
    private async Task RefreshAsync()
    {
        if (_gone || _task is not { } shown)
        {
            return;
        }

        try
        {
            if (await Tasks.FindAsync(shown.Id, _person!.Actor, _leaving.Token) is { } task && (task != shown || _attempts.Count == 0))
            {
                await TakeAsync(task);
            }

            StateHasChanged();
        }
        catch (OperationCanceledException) when (_gone)
        {
            // The viewer left.
        }
    }

    private async Task TakeAsync(LabTask task)
    {
        _task = task;
        _attempts = await Tasks.AttemptsAsync(task.Id, _person!.Actor, _leaving.Token) ?? [];
        if (!_gone && task.SessionId is { } session && session != _open?.Id)
        {
            await FollowAsync(session);
        }
    }

    private async Task FollowAsync(SessionId? session)
    {
        var before = _open;
        _open = null;
        if (session is { } wanted)
        {
            _open = new OpenSession(wanted, Feed, Reader, _person!.Viewer, Time, InvokeAsync, DispatchExceptionAsync);
            _open.Changed += OnChanged;
            _open.Start();
        }

        if (before is not null)
        {
            before.Changed -= OnChanged;
            await before.DisposeAsync();
        }
    }

    private void OnChanged() => _renders?.Request();

    private async Task SaveAsync(bool queue)
    {
        _note = null;
        (var definition, _faults) = _form!.Read();
        if (definition is null)
        {
            return;
        }

        if (_task is null)
        {
            var created = await Tasks.CreateAsync(definition, queue, _person!.Actor, _leaving.Token);
            if (Landed(created))
            {
                Navigation.NavigateTo($"/tasks/{created.Value!.Id}", replace: true);
            }

            return;
        }

        var saved = await Tasks.EditAsync(_task.Id, _edited, definition, _person!.Actor, _leaving.Token);
        if (Landed(saved))
        {
            (_form, _edited) = (TaskForm.From(saved.Value!), saved.Value!.Version);
            await TakeAsync(saved.Value!);
            _note = "Saved.";
        }
    }

    private async Task DoAsync(Func<Guid, Actor, CancellationToken, Task<Outcome<LabTask>>> command)
    {
        _note = null;
        var done = await command(_task!.Id, _person!.Actor, _leaving.Token);
        if (Landed(done))
        {
            await TakeAsync(done.Value!);
        }
    }

    private async Task DeleteAsync()
    {
        var deleted = await Tasks.DeleteAsync(_task!.Id, _person!.Actor, _leaving.Token);
        await Browser.CloseAsync("delete-task", _leaving.Token);
        if (Landed(deleted))
        {
            Navigation.NavigateTo("/tasks");
        }
    }

    private bool Landed(Outcome<LabTask> outcome)
    {
        _faults = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var error in outcome.Errors)
        {
            _faults.TryAdd(error.Field switch { "workflow" => "agent", var field => field ?? "" }, error.Message);
        }

        return outcome.Ok;
    }
}

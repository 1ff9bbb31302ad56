using System.Text;
using System.Text.Json;
using AgentLab.Core;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Web.Features.Workflows.Forms;
using AgentLab.Web.Features.Workflows.Runs;
using AgentLab.Web.Shared;
using JsonContent = AgentLab.Core.Sessions.Events.JsonContent;

namespace AgentLab.Web.Features.Workflows.Editor;

// Runs: started here, followed live, replayed and compared.
public sealed partial class WorkflowPage
{
    private static readonly TimeSpan RenderInterval = TimeSpan.FromMilliseconds(100);

    // At most 20 a second go to the canvas.
    private static readonly TimeSpan PatchInterval = TimeSpan.FromMilliseconds(50);

    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    private Throttler? _renders;
    private Throttler? _patches;
    private FollowedRun? _run;
    private FollowedRun? _other;
    private WorkflowDefinition? _runDefinition;
    private RunView? _replayed;
    private int? _replayAt;
    private JsonElement? _input;
    private IReadOnlyList<LabError> _refused = [];
    private RunId? _lastRun;
    private string? _missingRun;
    private bool _startedHere;
    private bool _statusShown;

    private bool Running => _run is { View.Ended: false, Missing: false };

    private RunView? ShownRun => _replayed ?? _run?.View;

    /// <summary>What the canvas shows: the draft, unless a run of another definition is looked at.</summary>
    private WorkflowDefinition ShownDefinition => LooksAtOtherDefinition ? _runDefinition! : _desk!.Definition;

    private bool LooksAtOtherDefinition => _run is not null && !_startedHere && _runDefinition is not null && !SameGraph(_runDefinition, _desk!.Definition);

    private string RunVersionWord => _run?.View.Started?.Workflow is { Version: > 0 } reference ? $"version {reference.Version}" : "an earlier draft";

    private static bool SameGraph(WorkflowDefinition one, WorkflowDefinition other) =>
        ReferenceEquals(one, other) || (one.Nodes.Select(node => node.Id).SequenceEqual(other.Nodes.Select(node => node.Id)) && one.Edges.SequenceEqual(other.Edges));

    private async Task CloseRunsAsync()
    {
        foreach (var followed in new[] { _run, _other }.OfType<FollowedRun>())
        {
            followed.Changed -= OnRunChanged;
            await followed.DisposeAsync();
        }

        (_run, _other, _runDefinition, _replayed, _replayAt, _marked) = (null, null, null, null, null, null);
    }

    private void OnRunChanged(IReadOnlyCollection<string> nodes)
    {
        _touched.UnionWith(nodes);
        _patches?.Request();
        _renders?.Request();
    }

    // The address names the runs; this opens those that are not open yet and leaves the others.
    private async Task FollowRunsAsync()
    {
        if (Run != _run?.Run.ToString() && Run != _missingRun)
        {
            await OpenRunAsync();
        }

        if (With != _other?.Run.ToString())
        {
            if (_other is not null)
            {
                _other.Changed -= OnRunChanged;
                await _other.DisposeAsync();
                (_other, _marked) = (null, null);
                if (_canvas is not null && _ready && With is null && !LooksAtOtherDefinition)
                {
                    await _canvas.EndPreviewAsync();
                }
            }

            _other = await FollowAsync(With);
        }
    }

    private async Task OpenRunAsync()
    {
        await CloseRunsAsync();
        _startedHere = false;
        _missingRun = null;
        _run = await FollowAsync(Run);
        if (Run is not null && _run is null)
        {
            _missingRun = Run;
            _notice = ("There is no such run, or you may not see it.", true);
        }

        await ShowRunAsync();
    }

    private async Task<FollowedRun?> FollowAsync(string? run)
    {
        if (run is null || !RunId.TryParse(run, null, out var id) || await Runs.FindAsync(id, _person!.Actor, _leaving.Token) is not { } state)
        {
            return null;
        }

        return Follow(new WorkflowRunReceipt(state.SessionId, state.RunId, Replayed: false));
    }

    private FollowedRun Follow(WorkflowRunReceipt receipt)
    {
        var followed = new FollowedRun(receipt.SessionId, receipt.RunId, Feed, _person!.Viewer, Time, InvokeAsync, DispatchExceptionAsync);
        followed.Changed += OnRunChanged;
        followed.Start();
        return followed;
    }

    private async Task SendPatchAsync()
    {
        if (_run is null || _canvas is null || !_ready)
        {
            return;
        }

        if (_runDefinition is null && _run.View.Started is { } started)
        {
            await LearnAsync(started);
        }

        if (_replayAt is null && _touched.Count > 0)
        {
            var patch = StatusPatches.Of(_run.Run.ToString(), _run.View, ShownDefinition, _statusShown ? [.. _touched] : null);
            _touched.Clear();
            _statusShown = true;
            await _canvas.StatusAsync(patch);
        }

        await MarkDifferencesAsync();
        RefreshSources();
        if (_run.View.Ended && _startedHere && _announced != _run.Run)
        {
            _announced = _run.Run;
            await Browser.AnnounceAsync($"The run ended: {WorkflowWords.Of(_run.View.Status)}.", _leaving.Token);
        }
    }

    // Two runs beside each other: the nodes that did something else are marked once both are known.
    private async Task MarkDifferencesAsync()
    {
        if (_other is not { Loaded: true } other || !_run!.Loaded || _marked == other.Run)
        {
            return;
        }

        _marked = other.Run;
        var differing = RunComparison.Of(_run.View, other.View, ShownDefinition).Where(pair => pair.Differs).Select(pair => pair.Id).ToList();
        await _canvas!.ShowMarkedAsync(ShownDefinition, differing);
    }

    // What was run: the draft of then, a published version, or what the session keeps of it.
    private async Task LearnAsync(RunStarted started)
    {
        if (started.Plan?.Definition is { } hash && await TextAsync(_run!.Session, hash) is { } json)
        {
            _runDefinition = JsonSerializer.Deserialize(json, WorkflowJson.Compact.WorkflowDefinition);
        }
        else if (started.Workflow is { Version: > 0 } reference)
        {
            _runDefinition = await Published.FindAsync(reference.Id, reference.Version, _leaving.Token);
        }

        _runDefinition ??= _desk!.Definition;
        _input ??= started.Plan?.Input.Value;
        if (LooksAtOtherDefinition)
        {
            _statusShown = false;
            await _canvas!.ShowAsync(_runDefinition);
        }
    }

    private async Task ShowRunAsync()
    {
        if (_canvas is null || !_ready)
        {
            return;
        }

        (_statusShown, _replayed, _replayAt) = (false, null, null);
        await _canvas.EndPreviewAsync();
        await _canvas.ClearStatusAsync();
        if (_run is not null)
        {
            _touched.UnionWith(_run.View.Nodes.Select(node => node.Id));
            _patches?.Request();
        }
    }

    private void BackToDraft() => Go((nameof(Run), null), (nameof(With), null), (nameof(Version), null), ("panel", null), (nameof(Tab), null));

    private Task RunFromBarAsync() => _person?.Actor.MayEdit == true && !Running ? StartAsync(new CanvasRun(), fromForm: false) : Task.CompletedTask;

    private Task RunFromPanelAsync() => StartAsync(new CanvasRun(), fromForm: true);

    private Task RunPartAsync(CanvasRun what) => _person?.Actor.MayEdit == true && !Running ? StartAsync(what, fromForm: false) : Task.CompletedTask;

    private async Task StartAsync(CanvasRun what, bool fromForm)
    {
        await FlushAsync();
        if (_canvas is not null && _ready)
        {
            await _canvas.SentAsync();
        }

        _refused = [];
        var whole = what is { FromNode: null, OnlyNode: null };
        if (whole && _desk!.Problems.Any(problem => problem.Severity == ProblemSeverity.Error))
        {
            await RefuseAsync();
            return;
        }

        // What must be asked for is asked for before the run, not after it has failed.
        if (whole && !fromForm && NeedsInput())
        {
            Go(("panel", "run"), (nameof(Tab), "input"));
            return;
        }

        var started = await Runs.StartAsync(
            new StartWorkflowRun
            {
                Workflow = _desk!.Summary.Id.ToString(),
                Definition = _desk.Definition,
                Input = _input ?? EmptyInput,
                FromNode = what.FromNode,
                OnlyNode = what.OnlyNode,
                ValuesFrom = whole ? null : _run?.Run ?? _lastRun,
            },
            _person!.Actor,
            _leaving.Token);
        if (!started.Ok)
        {
            _refused = started.Errors;
            Go(("panel", "run"), (nameof(Tab), started.Errors.Any(error => error.Field?.StartsWith("input", StringComparison.Ordinal) == true) ? "input" : null));
            StateHasChanged();
            return;
        }

        await ShowStartedAsync(started.Value);
    }

    private static JsonElement EmptyInput { get; } = JsonElement.Parse("{}");

    private async Task ShowStartedAsync(WorkflowRunReceipt receipt)
    {
        await CloseRunsAsync();
        (_startedHere, _runDefinition, _lastRun, _announced) = (true, _desk!.Definition, receipt.RunId, null);
        _touched.Clear();
        _statusShown = false;
        if (_canvas is not null && _ready)
        {
            // First a clean picture, then the events: a run may be over before the canvas has answered.
            await _canvas.EndPreviewAsync();
            await _canvas.ClearStatusAsync();
        }

        _run = Follow(receipt);

        Go((nameof(Run), receipt.RunId.ToString()), (nameof(With), null), (nameof(Version), null), ("panel", IsOpen("node") ? "node" : "run"), (nameof(Tab), IsOpen("node") ? "output" : null));
    }

    private async Task RefuseAsync()
    {
        var errors = _desk!.Problems.Where(problem => problem.Severity == ProblemSeverity.Error).ToList();
        _problemsOpen = true;
        await Browser.AnnounceAsync($"It cannot run yet: {errors[0].Message}", _leaving.Token);
        StateHasChanged();
    }

    private bool NeedsInput() => _desk!.Definition.Input is { } schema
        && FormValues.Missing(SettingFields.Of(schema, templates: false), _input is { ValueKind: JsonValueKind.Object } given ? System.Text.Json.Nodes.JsonObject.Create(given) : null).Any();

    private async Task CancelAsync()
    {
        if (_run is { } run)
        {
            var cancelled = await Runs.CancelAsync(run.Run, _person!.Actor, _leaving.Token);
            if (!cancelled.Ok && cancelled.Error.Code != "run_not_active")
            {
                _notice = (Words(cancelled.Errors), true);
            }
        }
    }

    private async Task ReplayAsync(int at)
    {
        var events = _run!.Events;
        _replayAt = at >= events.Count ? null : at;
        _replayed = null;
        if (_replayAt is { } count)
        {
            _replayed = new RunView();
            foreach (var e in events.Take(count))
            {
                _replayed.Apply(e);
            }
        }

        // A picture of its own for each place: what a later event had drawn is taken away.
        await _canvas!.ClearStatusAsync();
        await _canvas.StatusAsync(StatusPatches.Of($"{_run.Run}/{at}", ShownRun!, ShownDefinition, null));
        _statusShown = _replayAt is null;
    }

    // The newest run's input is offered again, and its values fill the pickers, before anything was run here.
    private async Task RememberAsync(WorkflowRunSummary last)
    {
        _lastRun = last.RunId;
        if (await Reader.FindAsync(last.SessionId, _leaving.Token) is not { } session || !await _person!.Viewer.MayReadAsync(session, _leaving.Token))
        {
            return;
        }

        var events = await Reader.ReadAsync(last.SessionId, 0, long.MaxValue, MostRemembered, [.. RunView.Types], descending: false, _leaving.Token);
        _memory = new RunView();
        foreach (var e in events.Where(e => e.RunId == last.RunId))
        {
            _memory.Apply(e);
        }

        _input = _memory.Started?.Plan?.Input.Value;
        RefreshSources();
    }

    private const int MostRemembered = 2_000;

    private RunView? _memory;
    private RunId? _marked;
    private RunId? _announced;

    /// <summary>The whole of a value that an event holds or refers to; null when it is gone.</summary>
    private async Task<JsonElement?> ValueAsync(JsonContent content)
    {
        if (content is { Value: { } value })
        {
            return value;
        }

        return content.Blob is { } hash && _run is { } run && await TextAsync(run.Session, hash) is { } json ? JsonElement.Parse(json) : null;
    }

    private async Task<string?> TextAsync(SessionId session, string hash) =>
        await Reader.FindAsync(session, _leaving.Token) is { } summary && await _person!.Viewer.MayReadAsync(summary, _leaving.Token)
        && await Reader.BlobAsync(session, hash, _leaving.Token) is { } blob ? Encoding.UTF8.GetString(blob.Content.Span) : null;
}

using System.Text.Json;
using System.Text.Json.Nodes;
using AgentLab.Core.Workflows.Definition;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AgentLab.Web.Features.Workflows.Editor;

/// <summary>
/// The canvas: an island in the browser that draws and edits by itself. What is pressed and dragged stays there; gestures come here to be committed, and what
/// others do goes there. Nothing is sent while a pointer moves.
/// </summary>
public sealed partial class WorkflowCanvas
{
    private const string Module = "./Features/Workflows/Editor/WorkflowCanvas.razor.js";

    private readonly CancellationTokenSource _leaving = new();
    private ElementReference _host;
    private IJSObjectReference? _module;
    private IJSObjectReference? _canvas;
    private DotNetObjectReference<WorkflowCanvas>? _self;

    /// <summary>The workflow: gestures that a lost page left behind are kept under it.</summary>
    [Parameter, EditorRequired]
    public Guid Workflow { get; set; }

    /// <summary>The table of kinds, see <see cref="NodeTypeTable"/>.</summary>
    [Parameter, EditorRequired]
    public string Types { get; set; } = "[]";

    /// <summary>Commits a gesture.</summary>
    [Parameter, EditorRequired]
    public Func<CanvasCommit, Task<CanvasAnswer>> OnCommit { get; set; } = default!;

    /// <summary>The canvas stands and wants to be loaded.</summary>
    [Parameter]
    public EventCallback OnReady { get; set; }

    /// <summary>It has lost track and wants to be loaded again.</summary>
    [Parameter]
    public EventCallback OnResync { get; set; }

    /// <summary>Which nodes and edges are selected.</summary>
    [Parameter]
    public EventCallback<IReadOnlyList<string>> OnSelection { get; set; }

    /// <summary>A node was double-clicked or Enter was pressed on it.</summary>
    [Parameter]
    public EventCallback<string> OnActivated { get; set; }

    /// <summary>A node's output is to be pinned.</summary>
    [Parameter]
    public EventCallback<string> OnPin { get; set; }

    /// <summary>A run is wanted.</summary>
    [Parameter]
    public EventCallback<CanvasRun> OnRun { get; set; }

    /// <summary>The list of keys is wanted.</summary>
    [Parameter]
    public EventCallback OnHelp { get; set; }

    [Parameter]
    public bool ReadOnly { get; set; }

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    /// <summary>Shows a definition.</summary>
    public ValueTask LoadAsync(long revision, WorkflowDefinition definition, IReadOnlyList<WorkflowProblem> problems) =>
        CallAsync("load", revision, Text(definition), Text(problems));

    /// <summary>Takes in what was committed elsewhere.</summary>
    /// <param name="revision">The draft's revision with it.</param>
    /// <param name="operations">What was done.</param>
    /// <param name="label">What it is called.</param>
    /// <param name="undoable">It was done here, beside the canvas: it can be undone like any gesture.</param>
    public ValueTask ApplyAsync(long revision, IReadOnlyList<WorkflowOperation> operations, string label, bool undoable) =>
        CallAsync("apply", revision, JsonSerializer.Serialize(operations, WorkflowJson.Compact.IReadOnlyListWorkflowOperation), label, undoable);

    /// <summary>Takes another table of kinds: an action block was added, say.</summary>
    public ValueTask TypesAsync(string types) => CallAsync("types", types);

    /// <summary>Marks what is wrong.</summary>
    public ValueTask ProblemsAsync(IReadOnlyList<WorkflowProblem> problems) => CallAsync("problems", Text(problems));

    /// <summary>Shows states of a run; see <see cref="Runs.StatusPatches"/>.</summary>
    public ValueTask StatusAsync(JsonObject patch) => CallAsync("status", patch);

    /// <summary>Forgets all states.</summary>
    public ValueTask ClearStatusAsync() => CallAsync("clearStatus");

    /// <summary>Shows the difference between two definitions.</summary>
    public ValueTask PreviewAsync(WorkflowDefinition before, WorkflowDefinition after, IReadOnlyList<WorkflowOperation> difference) =>
        CallAsync("preview", Text(before), Text(after), PreviewIds.Of(difference, before));

    /// <summary>Shows another definition without anything marked: a past run's.</summary>
    public ValueTask ShowAsync(WorkflowDefinition definition) => CallAsync("preview", null, Text(definition), PreviewIds.None);

    /// <summary>Shows a definition with these nodes marked as changed: where two runs differ.</summary>
    public ValueTask ShowMarkedAsync(WorkflowDefinition definition, IReadOnlyList<string> nodes) => CallAsync("preview", null, Text(definition), new PreviewIds([], nodes, []));

    /// <summary>Back to the draft.</summary>
    public ValueTask EndPreviewAsync() => CallAsync("endPreview");

    /// <summary>Selects one node and brings it into view.</summary>
    public ValueTask SelectAsync(string id) => CallAsync("select", id);

    /// <summary>Adds a node behind the selected one, wired to it.</summary>
    public ValueTask AddAsync(string kind) => CallAsync("add", kind);

    /// <summary>Waits until every gesture made so far is committed or refused.</summary>
    public ValueTask SentAsync() => CallAsync("sent");

    /// <summary>Puts the focus on "Add first step" of an empty canvas.</summary>
    public ValueTask FocusFirstStepAsync() => CallAsync("firstStep");

    /// <summary>Whether anything can be changed.</summary>
    public ValueTask SetReadOnlyAsync(bool readOnly) => CallAsync("readOnly", readOnly);

    /// <summary>A command of the canvas by name: <c>undo</c>, <c>redo</c>, <c>fit</c>, <c>layout</c>, <c>focus</c>, <c>openPicker</c>, <c>export-svg</c>, <c>export-png</c> …</summary>
    public ValueTask CommandAsync(string name) => CallAsync("command", name);

    [JSInvokable]
    public Task<CanvasAnswer> Commit(CanvasCommit request) => OnCommit(request);

    /// <summary>Commits a gesture that is too large for one message, as one. The browser sends its operations as a stream.</summary>
    [JSInvokable]
    public async Task<CanvasAnswer> CommitLarge(CanvasGesture request, IJSStreamReference operations)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(operations);
        await using (operations)
        {
            if (operations.Length > WorkflowBounds.FileBytes)
            {
                return new CanvasAnswer(request.BaseRev, Rejected: true, $"It is larger than {WorkflowBounds.FileBytes / 1024 / 1024} MB, which no workflow may be: do it in parts.");
            }

            await using var stream = await operations.OpenReadStreamAsync(WorkflowBounds.FileBytes, _leaving.Token);
            using var json = await JsonDocument.ParseAsync(stream, new JsonDocumentOptions { MaxDepth = WorkflowBounds.Depth }, _leaving.Token);
            return await OnCommit(new CanvasCommit(request.BaseRev, request.TxId, request.Label, json.RootElement));
        }
    }

    [JSInvokable]
    public Task SelectionChanged(IReadOnlyList<string> ids) => OnSelection.InvokeAsync(ids);

    [JSInvokable]
    public Task NodeActivated(string id) => OnActivated.InvokeAsync(id);

    [JSInvokable]
    public Task PinRequested(string id) => OnPin.InvokeAsync(id);

    [JSInvokable]
    public Task Run(CanvasRun? what) => OnRun.InvokeAsync(what ?? new CanvasRun());

    [JSInvokable]
    public Task Resync(long revision) => OnResync.InvokeAsync();

    [JSInvokable]
    public Task OpenHelp() => OnHelp.InvokeAsync();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        try
        {
            if (_canvas is not null)
            {
                await _canvas.InvokeVoidAsync("dispose");
                await _canvas.DisposeAsync();
            }

            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone, and the canvas with it.
        }

        _self?.Dispose();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _self = DotNetObjectReference.Create(this);
        _module = await Js.InvokeAsync<IJSObjectReference>("import", _leaving.Token, Module);
        _canvas = await _module.InvokeAsync<IJSObjectReference>("mount", _leaving.Token, _host, _self, new { workflow = Workflow, readOnly = ReadOnly, types = Types });
        await OnReady.InvokeAsync();
    }

    private static string Text(WorkflowDefinition definition) => JsonSerializer.Serialize(definition, WorkflowJson.Compact.WorkflowDefinition);

    private static string Text(IReadOnlyList<WorkflowProblem> problems) => JsonSerializer.Serialize([.. problems.Select(problem => problem with { Mend = null })], WorkflowJson.Compact.WorkflowProblemArray);

    private async ValueTask CallAsync(string name, params object?[] arguments)
    {
        if (_canvas is not null)
        {
            await _canvas.InvokeVoidAsync(name, _leaving.Token, arguments);
        }
    }
}

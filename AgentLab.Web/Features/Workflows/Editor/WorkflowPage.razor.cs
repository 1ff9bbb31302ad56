using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Web.Features.Workflows.Forms;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AgentLab.Web.Features.Workflows.Editor;

/// <summary>
/// The editor of a workflow: the canvas with its panels. Which node, panel, run and version it shows is its address, so that a link and a reload show the same.
/// </summary>
public sealed partial class WorkflowPage : IAsyncDisposable
{
    private const string Module = "./Features/Workflows/Editor/WorkflowPage.razor.js";

    private static readonly TimeSpan NoticeTime = TimeSpan.FromSeconds(8);
    private static readonly string[] Panels = ["add", "builder", "node", "run", "compare", "history", "settings"];

    private readonly CancellationTokenSource _leaving = new();
    private readonly Guid _key = Guid.NewGuid();

    // Addresses that this page led to itself and that have not come yet, the newest of them, and the one that was followed last.
    private readonly HashSet<string> _own = [];
    private string? _ledTo;
    private string? _seen;
    private ElementReference _root;
    private IJSObjectReference? _module;
    private IJSObjectReference? _keys;
    private DotNetObjectReference<WorkflowPage>? _self;
    private WorkflowCanvas? _canvas;
    private NodeInspector? _inspector;
    private DraftDesk? _desk;
    private Person? _person;
    private FormChoices _choices = FormChoices.None;
    private IReadOnlyList<ValueSource> _sources = [];
    private Debouncer? _fading;
    private (string Text, bool Bad)? _notice;
    private string? _loaded;
    private string? _selected;
    private string? _shownNode;
    private bool _missing;
    private bool _ready;
    private bool _problemsOpen;

    [Parameter]
    public string Slug { get; set; } = "";

    /// <summary>The node that is selected.</summary>
    [SupplyParameterFromQuery]
    public string? Node { get; set; }

    /// <summary>The panel that is open: <c>add</c>, <c>builder</c>, <c>node</c>, <c>run</c>, <c>compare</c>, <c>history</c>, <c>settings</c>.</summary>
    [SupplyParameterFromQuery(Name = "panel")]
    public string? WantedPanel { get; set; }

    /// <summary>The panel's tab.</summary>
    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    /// <summary>The run that is shown on the canvas.</summary>
    [SupplyParameterFromQuery]
    public string? Run { get; set; }

    /// <summary>The run that it is compared with.</summary>
    [SupplyParameterFromQuery]
    public string? With { get; set; }

    /// <summary>The published version that is shown in the draft's place.</summary>
    [SupplyParameterFromQuery]
    public int? Version { get; set; }

    [Inject]
    private ICurrentPerson Current { get; set; } = default!;

    [Inject]
    private IWorkflowStore Store { get; set; } = default!;

    [Inject]
    private IWorkflowHistory History { get; set; } = default!;

    [Inject]
    private IWorkflowRules Rules { get; set; } = default!;

    [Inject]
    private IWorkflowFiles Files { get; set; } = default!;

    [Inject]
    private IWorkflowRooms Rooms { get; set; } = default!;

    [Inject]
    private IWorkflowRuns Runs { get; set; } = default!;

    [Inject]
    private IWorkflowVersions Published { get; set; } = default!;

    [Inject]
    private INodeKinds Kinds { get; set; } = default!;

    [Inject]
    private ISessionFeed Feed { get; set; } = default!;

    [Inject]
    private ISessionReader Reader { get; set; } = default!;

    [Inject]
    private NodeTypeTable Types { get; set; } = default!;

    [Inject]
    private WorkflowChoices Choices { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private Browser Browser { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    private bool MayChange => _person is { } person && _desk is { } desk && person.Actor.MayEdit && person.Actor.Owns(desk.Summary.OwnerId);

    private string? Panel => Panels.Contains(WantedPanel) ? WantedPanel
        : WantedPanel is null && Run is not null ? (With is null ? "run" : "compare")
        : null;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        _room?.Dispose();
        _renders?.Dispose();
        _patches?.Dispose();
        if (_fading is not null)
        {
            await _fading.DisposeAsync();
        }

        await CloseRunsAsync();
        try
        {
            if (_keys is not null)
            {
                await _keys.InvokeVoidAsync("dispose");
                await _keys.DisposeAsync();
            }

            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone, and its listeners with it.
        }

        _self?.Dispose();
        _leaving.Dispose();
    }

    /// <summary>Ctrl+Enter, wherever the focus is.</summary>
    [JSInvokable]
    public Task RunPressed() => RunFromBarAsync();

    /// <summary>Escape outside the canvas.</summary>
    [JSInvokable]
    public Task EscapePressed() => ClosePanelAsync();

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive)
        {
            return;
        }

        if (_loaded != Slug)
        {
            _loaded = Slug;
            await OpenAsync();
        }

        if (_desk is null)
        {
            return;
        }

        await FollowAddressAsync();
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_desk is not null && _module is null && RendererInfo.IsInteractive)
        {
            _self = DotNetObjectReference.Create(this);
            _module = await Js.InvokeAsync<IJSObjectReference>("import", _leaving.Token, Module);
            _keys = await _module.InvokeAsync<IJSObjectReference>("listen", _leaving.Token, _root, _self);
        }
    }

    private static string PanelTitle(string panel) => panel switch
    {
        "add" => "Add a node",
        "builder" => "Builder",
        "node" => "Node",
        "run" => "Run",
        "compare" => "Compare two runs",
        "history" => "History",
        _ => "Settings of the workflow",
    };

    private static string Initials(string name)
    {
        var words = name.Split([' ', '.', '@', '-'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? "?" : string.Concat(words.Take(name.Contains('@') ? 1 : 2).Select(word => char.ToUpperInvariant(word[0])));
    }

    private static int Hue(Guid user) => user.ToByteArray()[15] * 360 / 256;

    private async Task OpenAsync()
    {
        _room?.Dispose();
        await CloseRunsAsync();
        _person = await Current.GetAsync(_leaving.Token);
        var workflow = await Store.FindAsync(Slug, _person.Actor, _leaving.Token);
        _missing = workflow is null;
        if (workflow is null)
        {
            _desk = null;
            return;
        }

        _choices = await Choices.ReadAsync(_person.Actor, _leaving.Token);
        await ReadBlocksAsync();
        _desk = new DraftDesk(Store, Rules, Time, workflow);
        _renders ??= new Throttler(Time, RenderInterval, () => InvokeAsync(StateHasChanged), DispatchExceptionAsync);
        _patches ??= new Throttler(Time, PatchInterval, () => InvokeAsync(SendPatchAsync), DispatchExceptionAsync);
        EnterRoom();
        if (Run is null && workflow.Summary.LastRun is { } last)
        {
            await RememberAsync(last);
        }
    }

    // The address is where panels, runs and versions are chosen; this brings the page to it.
    private async Task FollowAddressAsync()
    {
        // The same address is handed in more than once, and one that this page led to itself may come when another node is selected by then: neither chooses a node.
        if (Navigation.Uri != _seen)
        {
            _seen = Navigation.Uri;
            var mine = _own.Remove(_seen);
            _ledTo = mine && _seen != _ledTo ? _ledTo : null;
            if (!mine && Node != _shownNode)
            {
                (_shownNode, _selected) = (Node, Node);
                RefreshSources();
            }
        }

        if (Panel != "builder")
        {
            await EndProposalAsync();
        }

        await FollowRunsAsync();
        await FollowVersionAsync();
        if (Panel == "history" && _versions is null)
        {
            await ReadVersionsAsync();
        }
    }

    private async Task ReadyAsync()
    {
        await _canvas!.LoadAsync(_desk!.Revision, _desk.Definition, _desk.Problems);
        _ready = true;
        if (_selected is { } node && _desk.Node(node) is not null)
        {
            await _canvas.SelectAsync(node);
        }

        if (_desk.Definition.Nodes.Count == 0)
        {
            await _canvas.FocusFirstStepAsync();
            if (WantedPanel is null && Run is null && MayChange)
            {
                // The list of nodes stays when the first of them is there.
                Go(("panel", "add"));
            }
        }

        await ShowRunAsync();
        await ShowVersionOnCanvasAsync();
    }

    // Names of parameters with their values: null takes one away. The ground is the address that is on its way, if one is: what it changes stays.
    private void Go(params (string Name, object? Value)[] changes)
    {
        var ground = _ledTo ?? Navigation.Uri;
        var address = Navigation.GetUriWithQueryParameters(ground, changes.ToDictionary(change => char.ToLowerInvariant(change.Name[0]) + change.Name[1..], change => change.Value));
        if (address == ground)
        {
            StateHasChanged();
            return;
        }

        _own.Add(address);
        _ledTo = address;
        Navigation.NavigateTo(address, replace: true);
    }

    private bool IsOpen(string panel) => Panel == panel;

    private void Toggle(string panel) => Go(("panel", IsOpen(panel) ? "none" : panel), (nameof(Tab), null));

    private async Task ClosePanelAsync()
    {
        if (Panel is null)
        {
            return;
        }

        await FlushAsync();
        Go(("panel", "none"), (nameof(Tab), null));
        await _canvas!.CommandAsync("focus");
    }

    private Task FlushAsync() => _inspector?.FlushAsync() ?? Task.CompletedTask;

    // What is good to know goes by itself; what stands in the way stays.
    private void Tell(string text)
    {
        _notice = (text, false);
        _fading ??= new Debouncer(Time, NoticeTime, () => Post(FadeAsync));
        _fading.Request();
    }

    private Task FadeAsync()
    {
        if (_notice is { Bad: false })
        {
            _notice = null;
            StateHasChanged();
        }

        return Task.CompletedTask;
    }

    private async Task OpenKeysAsync() => await Browser.OpenAsync("canvas-keys", _leaving.Token);

    private async Task InsertAsync(string input, string text)
    {
        if (_module is not null)
        {
            await _module.InvokeVoidAsync("insert", _leaving.Token, input, text);
        }
    }
}

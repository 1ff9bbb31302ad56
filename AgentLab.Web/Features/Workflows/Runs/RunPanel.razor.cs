using System.Text.Json;
using AgentLab.Core;
using AgentLab.Core.Approvals;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Web.Features.Lab.View;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;
using JsonContent = AgentLab.Core.Sessions.Events.JsonContent;

namespace AgentLab.Web.Features.Workflows.Runs;

/// <summary>The run beside the canvas: its result without a press, its nodes, its timeline, its input, and the questions that it asks.</summary>
public sealed partial class RunPanel : IAsyncDisposable
{
    private const int MostOthers = 8;
    private static readonly (string Key, string Title)[] Tabs = [("result", "Result"), ("timeline", "Timeline"), ("input", "Input")];

    private readonly CancellationTokenSource _leaving = new();
    private readonly Dictionary<string, JsonElement> _large = [];
    private IReadOnlyList<WorkflowRunSummary> _others = [];
    private OpenSession? _open;
    private RunId? _known;
    private JsonElement? _output;
    private string? _opened;
    private string? _followedSelection;

    [Parameter]
    public FollowedRun? Followed { get; set; }

    /// <summary>The run as it is shown: at its end, or in the midst of a replay.</summary>
    [Parameter]
    public RunView? View { get; set; }

    [Parameter, EditorRequired]
    public WorkflowDefinition Definition { get; set; } = default!;

    [Parameter, EditorRequired]
    public INodeKinds Kinds { get; set; } = default!;

    [Parameter, EditorRequired]
    public Actor Actor { get; set; } = default!;

    [Parameter, EditorRequired]
    public ISessionViewer Viewer { get; set; } = default!;

    [Parameter]
    public string Slug { get; set; } = "";

    /// <summary>The node that is selected on the canvas: its row is open.</summary>
    [Parameter]
    public string? Selected { get; set; }

    [Parameter]
    public string? Tab { get; set; }

    /// <summary>The input of the next run.</summary>
    [Parameter]
    public JsonElement? Input { get; set; }

    /// <summary>Why the last start was refused.</summary>
    [Parameter]
    public IReadOnlyList<LabError> Refused { get; set; } = [];

    [Parameter]
    public EventCallback<string?> OnTab { get; set; }

    [Parameter]
    public EventCallback OnRun { get; set; }

    [Parameter]
    public EventCallback<JsonElement> OnInput { get; set; }

    [Parameter]
    public EventCallback<string> OnSelect { get; set; }

    [Parameter]
    public EventCallback<string> OnOpenNode { get; set; }

    [Parameter, EditorRequired]
    public Func<JsonContent, Task<JsonElement?>> LoadValue { get; set; } = default!;

    [Inject]
    private IApprovals Approvals { get; set; } = default!;

    [Inject]
    private IWorkflowRuns Runs { get; set; } = default!;

    [Inject]
    private IWorkflowStore Store { get; set; } = default!;

    [Inject]
    private ISessionFeed Feed { get; set; } = default!;

    [Inject]
    private ISessionReader Reader { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    private string Shown => Tabs.Any(tab => tab.Key == Tab) ? Tab! : "result";

    private NodeView? Failed => View?.Nodes.FirstOrDefault(node => node.Status == Status.Failed);

    private Dictionary<string, string> InputFaults => Refused.Where(error => error.Field?.StartsWith("input", StringComparison.Ordinal) == true)
        .GroupBy(error => "/" + error.Field!["input".Length..].TrimStart('.', '/').Replace('.', '/')).ToDictionary(group => group.Key, group => group.First().Message);

    private JsonElement? LastIncoming => View?.Nodes.Where(node => node.Status == Status.Done).MaxBy(node => node.Latest.EndedAt) is { } last && _output is { } output
        && View.OutputOf(last.Id) is { } value && JsonElement.DeepEquals(value, output) ? Incoming(last.Id) : null;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await CloseTimelineAsync();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (Followed?.Run != _known)
        {
            (_known, _output) = (Followed?.Run, null);
            _large.Clear();
            await CloseTimelineAsync();
            await ReadOthersAsync();
        }

        if (Selected != _followedSelection)
        {
            (_followedSelection, _opened) = (Selected, Selected);
        }

        _output = View?.Output is { } content ? content.Value ?? (_output is null ? await LoadValue(content) : _output) : null;
        if (Shown == "timeline" && _open is null && Followed is { } followed)
        {
            _open = new OpenSession(followed.Session, Feed, Reader, Viewer, Time, InvokeAsync, DispatchExceptionAsync);
            _open.Changed += OnTimeline;
            _open.Start();
        }
    }

    private void OnTimeline() => StateHasChanged();

    private async Task CloseTimelineAsync()
    {
        if (_open is { } open)
        {
            _open = null;
            open.Changed -= OnTimeline;
            await open.DisposeAsync();
        }
    }

    private async Task ReadOthersAsync()
    {
        if (Followed is null || await Store.FindAsync(Slug, Actor, _leaving.Token) is not { } workflow)
        {
            _others = [];
            return;
        }

        var page = await Store.RunsAsync(new WorkflowRunQuery { Workflow = workflow.Id, Limit = MostOthers + 1 }, Actor, _leaving.Token);
        _others = [.. page.Items.Where(run => run.RunId != Followed?.Run).Take(MostOthers)];
    }

    private string NameOf(string id) => Definition.Nodes.FirstOrDefault(node => node.Id == id)?.Name ?? id;

    private INodeKind? KindOf(string id) => Definition.Nodes.FirstOrDefault(node => node.Id == id) is { } node ? Kinds.Find(node.Kind) : null;

    private JsonElement? Incoming(string id) => Definition.Edges.Where(edge => edge.To == id).Select(edge => edge.From).ToList() is [var only] ? View?.OutputOf(only) : null;

    private async Task TurnAsync(string id)
    {
        _opened = _opened == id ? null : id;
        await OnSelect.InvokeAsync(id);
    }

    private async Task LoadAsync(JsonContent content)
    {
        if (await LoadValue(content) is { } value)
        {
            _large[content.Blob!] = value;
        }
    }

    private async Task<string?> AnswerAsync(ApprovalAnswer answer)
    {
        var decided = await Approvals.DecideAsync(answer, Actor, _leaving.Token);
        return decided.Ok ? null : WorkflowWords.Of(decided.Errors);
    }
}

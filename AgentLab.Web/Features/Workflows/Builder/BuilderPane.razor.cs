using AgentLab.Core;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Builder;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Web.Features.Lab;
using AgentLab.Web.Features.Lab.View;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Workflows.Builder;

/// <summary>
/// The builder beside the canvas: what was said, the answer as it comes, and its proposal as a list to choose from. What is chosen is drawn on the canvas and committed as one
/// gesture; the pane itself changes nothing.
/// </summary>
public sealed partial class BuilderPane : IAsyncDisposable
{
    private const int LabelCharacters = 60;

    private static readonly TimeSpan RenderInterval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _leaving = new();
    private readonly HashSet<string> _chosen = new(StringComparer.Ordinal);
    private Composer? _composer;
    private OpenSession? _open;
    private Throttler? _renders;
    private BuilderAnswer? _proposal;
    private string? _asked;
    private string? _done;
    private string? _fault;
    private string? _problem;
    private long _shownRevision;
    private bool _loaded;
    private bool _working;

    /// <summary>The workflow.</summary>
    [Parameter, EditorRequired]
    public WorkflowSummary Workflow { get; set; } = default!;

    /// <summary>The draft as it is on the canvas.</summary>
    [Parameter, EditorRequired]
    public WorkflowDefinition Draft { get; set; } = default!;

    /// <summary>Its revision.</summary>
    [Parameter, EditorRequired]
    public long Revision { get; set; }

    /// <summary>The ids of the selected nodes.</summary>
    [Parameter]
    public IReadOnlyList<string> Selection { get; set; } = [];

    /// <summary>Who asks.</summary>
    [Parameter, EditorRequired]
    public Person Person { get; set; } = default!;

    /// <summary>Shows on the canvas what was chosen of a proposal: the draft, what it would be, and the operations between.</summary>
    [Parameter, EditorRequired]
    public Func<WorkflowDefinition, WorkflowDefinition, IReadOnlyList<WorkflowOperation>, Task> OnPreview { get; set; } = default!;

    /// <summary>Shows the draft again.</summary>
    [Parameter, EditorRequired]
    public Func<Task> OnEndPreview { get; set; } = default!;

    /// <summary>Commits operations as a gesture under this label; answers with why not, or null.</summary>
    [Parameter, EditorRequired]
    public Func<IReadOnlyList<WorkflowOperation>, string, Task<string?>> OnAccept { get; set; } = default!;

    /// <summary>Undoes the last gesture.</summary>
    [Parameter, EditorRequired]
    public Func<Task> OnUndo { get; set; } = default!;

    [Inject]
    private IWorkflowBuilder Builder { get; set; } = default!;

    [Inject]
    private ISessionFeed Feed { get; set; } = default!;

    [Inject]
    private ISessionReader Reader { get; set; } = default!;

    [Inject]
    private ISessionCommands Commands { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private Browser Browser { get; set; } = default!;

    private IReadOnlyList<string> Suggestions => Draft.Nodes.Count == 0
        ?
        [
            "When a webhook arrives, if total is over 100 then ask a person to approve, else answer with ok.",
            "Get https://example.com/orders, filter the orders where status is late, sort by total descending and save as a table.",
            "When someone writes in the Lab, ask the analyst and answer with the answer.",
            "For each order, summarise it. Then write a report called Orders.",
        ]
        : ["What does this workflow do?", "Add a wait of 10 minutes at the end.", "Then ask a person to approve."];

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        _renders?.Dispose();
        await CloseAsync();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        _renders = new Throttler(Time, RenderInterval, () => InvokeAsync(StateHasChanged), DispatchExceptionAsync);
        var conversation = await Builder.ConversationAsync(Workflow.Id, Person.Actor, _leaving.Token);
        _loaded = true;
        if (conversation is null)
        {
            return;
        }

        await FollowAsync(conversation.SessionId);
        if (conversation.Exchanges is not [.., var last])
        {
            return;
        }

        _asked = last.Message;
        if (last.IsRunning)
        {
            Wait(last.Turn);
        }
        else if (last.Answer is { Diff.IsEmpty: false } answer && answer.Revision == Revision)
        {
            await ProposeAsync(answer);
        }
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        // Somebody changed the draft meanwhile: the proposal is shown on what it is now.
        if (_proposal is not null && _shownRevision != Revision)
        {
            await ShowAsync();
        }
    }

    private static (string Icon, string Word) Words(BuilderChange change) => change.Change switch
    {
        "added" => ("plus", change.What == "edge" ? "Connect" : "Add"),
        "removed" => ("trash", change.What == "edge" ? "Disconnect" : "Remove"),
        _ => ("edit", "Change"),
    };

    private async Task FillAsync(string text)
    {
        if (_composer is not null)
        {
            await _composer.FillAsync(text);
        }
    }

    private async Task<LabError?> SendAsync(ComposedMessage message)
    {
        var ask = new BuilderAsk(Workflow, Draft, Revision, message.Text) { Selection = Selection, Key = message.Key };
        var turn = await Builder.StartAsync(ask, Person.Actor, _leaving.Token);
        if (!turn.Ok)
        {
            return turn.Error;
        }

        (_asked, _done, _problem) = (message.Text, null, null);
        await DismissAsync();
        await FollowAsync(turn.Value.SessionId);
        Wait(turn.Value);
        return null;
    }

    private void Wait(BuilderTurn turn)
    {
        _working = true;
        _ = AwaitAnswerAsync(turn);
    }

    private async Task AwaitAnswerAsync(BuilderTurn turn)
    {
        try
        {
            var answer = await Builder.AnswerAsync(turn, _leaving.Token);
            await InvokeAsync(() => TakeAsync(answer));
        }
        catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException && _leaving.IsCancellationRequested)
        {
            // The pane has gone; the answer is in the session.
        }
        catch (Exception fault)
        {
            await DispatchExceptionAsync(fault);
        }
    }

    private async Task TakeAsync(Outcome<BuilderAnswer> answer)
    {
        _working = false;
        if (!answer.Ok)
        {
            // What the run itself says of its end stands in the conversation; only the pane's own clock speaks here.
            _problem = answer.Error.Code == "builder_timeout" ? answer.Error.Message : null;
            await Browser.AnnounceAsync(answer.Error.Message, _leaving.Token);
        }
        else if (answer.Value.Diff.IsEmpty)
        {
            await Browser.AnnounceAsync("The builder answered. It proposes no change.", _leaving.Token);
        }
        else
        {
            await ProposeAsync(answer.Value);
            StateHasChanged();
            // The proposal stands under what was said: its choice comes into sight by itself.
            await Browser.ScrollToEndAsync("builder-talk", _leaving.Token);
            await Browser.AnnounceAsync($"The builder proposes {Show.Count(answer.Value.Diff.Changes.Count, "change")}.", _leaving.Token);
        }

        StateHasChanged();
    }

    private Task ProposeAsync(BuilderAnswer answer)
    {
        _proposal = answer;
        _chosen.Clear();
        _chosen.UnionWith(answer.Diff.Changes.Select(change => change.Id));
        return ShowAsync();
    }

    /// <summary>Draws the choice on the canvas.</summary>
    private async Task ShowAsync()
    {
        _shownRevision = Revision;
        _fault = null;
        if (_chosen.Count == 0)
        {
            await OnEndPreview();
            return;
        }

        var selection = Builder.Select(Draft, _proposal!.Diff, _chosen);
        if (selection.Ok)
        {
            _chosen.UnionWith(selection.Value.Changes);
            await OnPreview(Draft, selection.Value.Definition, selection.Value.Operations);
        }
        else
        {
            _fault = selection.Error.Message;
            await OnEndPreview();
        }
    }

    private Task ChooseAllAsync(bool all)
    {
        _chosen.Clear();
        if (all)
        {
            _chosen.UnionWith(_proposal!.Diff.Changes.Select(change => change.Id));
        }

        return ShowAsync();
    }

    private Task ToggleAsync(BuilderChange change)
    {
        var changes = _proposal!.Diff.Changes;
        if (_chosen.Remove(change.Id))
        {
            // What cannot be without it goes with it.
            while (changes.Where(other => _chosen.Contains(other.Id) && other.Needs.Any(need => !_chosen.Contains(need))).ToList() is { Count: > 0 } lost)
            {
                _chosen.ExceptWith(lost.Select(other => other.Id));
            }
        }
        else
        {
            // A node comes with the edges whose other end is there.
            _chosen.Add(change.Id);
            _chosen.UnionWith(changes.Where(other => other.Needs.Contains(change.Id) && other.Needs.All(_chosen.Contains)).Select(other => other.Id));
        }

        return ShowAsync();
    }

    private async Task AcceptAsync()
    {
        var selection = Builder.Select(Draft, _proposal!.Diff, _chosen);
        if (!selection.Ok)
        {
            _fault = selection.Error.Message;
            return;
        }

        var asked = _asked ?? "proposal";
        await OnEndPreview();
        if (await OnAccept(selection.Value.Operations, $"Builder: {(asked.Length <= LabelCharacters ? asked : asked[..LabelCharacters].TrimEnd() + "…")}".ReplaceLineEndings(" ")) is { } refused)
        {
            _fault = refused;
            return;
        }

        _done = $"{Show.Count(selection.Value.Changes.Count, "change")} accepted.";
        _proposal = null;
        await Browser.AnnounceAsync(_done, _leaving.Token);
    }

    private async Task DismissAsync()
    {
        if (_proposal is not null)
        {
            (_proposal, _fault) = (null, null);
            await OnEndPreview();
        }
    }

    private async Task UndoAsync()
    {
        _done = null;
        await OnUndo();
    }

    private async Task StopAsync()
    {
        if (_open is not null)
        {
            await Commands.StopAsync(_open.Id, Person.Actor, _leaving.Token);
        }
    }

    private Task<string?> WholeAsync(string hash) => _open?.TextAsync(hash, _leaving.Token) ?? Task.FromResult<string?>(null);

    private async Task FollowAsync(SessionId session)
    {
        if (_open?.Id == session)
        {
            return;
        }

        await CloseAsync();
        _open = new OpenSession(session, Feed, Reader, Person.Viewer, Time, InvokeAsync, DispatchExceptionAsync);
        _open.Changed += OnChanged;
        _open.Start();
    }

    private async ValueTask CloseAsync()
    {
        if (_open is { } open)
        {
            _open = null;
            open.Changed -= OnChanged;
            await open.DisposeAsync();
        }
    }

    private void OnChanged() => _renders?.Request();
}

using System.Globalization;
using System.Text.Json;
using AgentLab.Core;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Web.Features.Workflows.Forms;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AgentLab.Web.Features.Workflows.Editor;

// The draft: what is committed here, what others commit, versions.
public sealed partial class WorkflowPage
{
    private const int MostRecalled = 100;
    private const int VersionsAtOnce = 20;

    private readonly Dictionary<Guid, string> _names = [];
    private IDisposable? _room;
    private IReadOnlyList<RoomMember> _others = [];
    private IReadOnlyList<WorkflowVersion>? _versions;

    // Where the versions that are not read yet begin; null when all are.
    private string? _olderVersions;
    private WorkflowVersion? _shownVersion;
    private string _publishNote = "";
    private string? _publishFault;
    private bool _saving;

    private string Saved => !MayChange ? "Read only" : _saving ? "Saving" : string.Create(CultureInfo.InvariantCulture, $"Saved · revision {_desk!.Revision}");

    private bool CanPublish => _desk is { } desk && (desk.Summary.PublishedVersion is null || desk.Summary.HasChanges) && desk.Definition.Nodes.Count > 0;

    private string PublishTitle => CanPublish ? "Make the draft the newest version" : _desk!.Definition.Nodes.Count == 0 ? "There is nothing to publish yet" : "The draft is published as it is";

    private string? LooksAway => (_shownVersion, LooksAtOtherDefinition) switch
    {
        (null, _) when _other is not null => "You look at two runs. The nodes that did something else are marked.",
        ({ } version, _) => $"You look at version {version.Version} beside the draft: green was added since, amber changed, red removed.",
        (null, true) => $"You look at a run of {RunVersionWord}; the draft has changed since.",
        _ => null,
    };

    private void EnterRoom()
    {
        var member = new RoomMember(_key, _person!.Actor.UserId, _person.Name);
        _names[member.UserId] = member.Name;
        _room = Rooms.Enter(_desk!.Summary.Id, member, change => Post(() => HearAsync(change)));
        SeeMembers();
    }

    // Called from the room, in order and off the dispatcher: it only hands on.
    private void Post(Func<Task> work) => _ = RunPostedAsync(work);

    private async Task RunPostedAsync(Func<Task> work)
    {
        try
        {
            await InvokeAsync(work);
        }
        catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException)
        {
            // The page has gone.
        }
        catch (Exception fault)
        {
            await DispatchExceptionAsync(fault);
        }
    }

    private void SeeMembers()
    {
        _others = [.. Rooms.Members(_desk!.Summary.Id).Where(member => member.Key != _key)];
        foreach (var member in _others)
        {
            _names[member.UserId] = member.Name;
        }
    }

    private async Task HearAsync(RoomChange change)
    {
        switch (change.Kind)
        {
            case "members":
                await HearMembersAsync();
                break;
            case "deleted":
                _notice = ("This workflow was deleted. What you see is the last draft; export it if you want to keep it.", true);
                break;
            default:
                await HearChangeAsync(change);
                break;
        }

        StateHasChanged();
    }

    private async Task HearMembersAsync()
    {
        var before = _others;
        SeeMembers();
        if (_others.FirstOrDefault(member => !before.Any(other => other.Key == member.Key)) is { } newcomer)
        {
            Tell($"{newcomer.Name} has this workflow open too. You see each other's changes as they are made.");
            await Browser.AnnounceAsync(_notice!.Value.Text, _leaving.Token);
        }
    }

    private async Task HearChangeAsync(RoomChange change)
    {
        switch (_desk!.Take(change))
        {
            case DeskNews.Apply when _canvas is not null && _ready:
                await _canvas.ApplyAsync(change.Revision, change.Operations, change.Label, undoable: false);
                await _canvas.ProblemsAsync(_desk.Problems);
                RefreshSources();
                break;
            case DeskNews.Reload:
                await ReloadAsync();
                break;
        }

        _versions = change.Kind == "published" ? null : _versions;
    }

    private async Task ReloadAsync()
    {
        if (await Store.FindAsync(Slug, _person!.Actor, _leaving.Token) is { } workflow)
        {
            _desk!.Take(workflow);
            if (_canvas is not null && _ready)
            {
                await _canvas.LoadAsync(_desk.Revision, _desk.Definition, _desk.Problems);
            }

            RefreshSources();
        }
    }

    private Task ResyncAsync() => ReloadAsync();

    private async Task<CanvasAnswer> CommitFromCanvasAsync(CanvasCommit request)
    {
        var operations = request.Ops.Deserialize(WorkflowJson.Compact.IReadOnlyListWorkflowOperation) ?? [];
        _saving = true;
        StateHasChanged();
        try
        {
            var outcome = await _desk!.CommitAsync(request.BaseRev, request.Gesture(_person!.Actor.UserId), request.Label, operations, _person.Actor, _leaving.Token);
            if (!outcome.Ok)
            {
                return new CanvasAnswer(_desk.Revision, Rejected: true, Words(outcome.Errors));
            }

            RefreshSources();
            Post(() => AfterGestureAsync(operations));
            return new CanvasAnswer(outcome.Value.Revision);
        }
        finally
        {
            _saving = false;
            StateHasChanged();
        }
    }

    // The inspector opens by itself only where a new node cannot run without it.
    private async Task AfterGestureAsync(IReadOnlyList<WorkflowOperation> operations)
    {
        if (_canvas is not null && _ready)
        {
            await _canvas.ProblemsAsync(_desk!.Problems);
            if (_desk.Definition.Nodes.Count == 1 && operations.OfType<AddNode>().Any())
            {
                // The first node stands in the middle.
                await _canvas.CommandAsync("fit");
            }
        }

        if (operations.OfType<AddNode>().ToList() is [{ Node: var added }] && Kinds.Find(added.Kind) is { } kind
            && FormValues.Missing(SettingFields.Of(kind.Description.Settings, templates: true), System.Text.Json.Nodes.JsonObject.Create(added.Settings)).Any())
        {
            _selected = _shownNode = added.Id;
            RefreshSources();
            Go((nameof(Node), added.Id), ("panel", "node"), (nameof(Tab), null));
        }
    }

    /// <summary>What was changed beside the canvas: committed the same way, shown on the canvas and undone there like any gesture.</summary>
    private async Task<string?> CommitAsync(string label, params IReadOnlyList<WorkflowOperation> operations) => (await CommitOnAsync(_desk!.Revision, label, operations))?.Words;

    // On an earlier revision it is merged with what others did since: then the canvas is shown what came of it.
    private async Task<SaveRefusal?> CommitOnAsync(long basis, string label, IReadOnlyList<WorkflowOperation> operations)
    {
        _saving = true;
        StateHasChanged();
        try
        {
            var outcome = await _desk!.CommitAsync(basis, Guid.NewGuid(), label, operations, _person!.Actor, _leaving.Token);
            if (!outcome.Ok)
            {
                var conflict = outcome.Error.Code == "edit_conflict";
                if (conflict)
                {
                    await ReloadAsync();
                }

                return new SaveRefusal(Words(outcome.Errors), conflict);
            }

            if (_canvas is not null && _ready)
            {
                await _canvas.ApplyAsync(outcome.Value.Revision, [.. operations.Select(operation => Merged(operation, outcome.Value.Definition))], label, undoable: true);
                await _canvas.ProblemsAsync(_desk.Problems);
            }

            RefreshSources();
            return null;
        }
        finally
        {
            _saving = false;
            StateHasChanged();
        }
    }

    private static WorkflowOperation Merged(WorkflowOperation operation, WorkflowDefinition definition) =>
        operation is SetNode set && definition.Nodes.FirstOrDefault(node => node.Id == set.Node.Id) is { } node ? new SetNode(node) : operation;

    private static string Words(IReadOnlyList<LabError> errors) => string.Join(" ", errors.Select(error => error.Message));

    private async Task SayAsync(Task<string?> commit)
    {
        if (await commit is { } refused)
        {
            _notice = (refused, true);
        }
    }

    private Task<SaveRefusal?> SaveNodeAsync(WorkflowNode node, string label, long basis) => CommitOnAsync(basis, label, [new SetNode(node)]);

    private Task RenameAsync(ChangeEventArgs change)
    {
        var name = change.Value?.ToString()?.Trim() ?? "";
        return name.Length == 0 || name == _desk!.Definition.Name ? Task.CompletedTask : SayAsync(SaveHeadAsync(Head() with { Name = name }, "Rename the workflow"));
    }

    private SetWorkflow Head() => new(
        _desk!.Definition.Name, _desk.Definition.Description, _desk.Definition.Tags, _desk.Definition.Input, _desk.Definition.Output, _desk.Definition.Limits);

    private Task<string?> SaveHeadAsync(SetWorkflow head, string label) => CommitAsync(label, head);

    private Task MendAsync(WorkflowProblem problem) => SayAsync(CommitAsync("Mend", problem.Mend!));

    private async Task GoToProblemAsync(WorkflowProblem problem)
    {
        if (problem.Node is { } node && _desk!.Node(node) is not null)
        {
            await _canvas!.SelectAsync(node);
            _selected = _shownNode = node;
            RefreshSources();
            Go((nameof(Node), node), ("panel", "node"), (nameof(Tab), problem.Field is "retry" or "timeoutSeconds" or "onError" ? "error" : null));
            if (problem.Field is { } field && _module is not null)
            {
                await _module.InvokeVoidAsync("focusField", _leaving.Token, field);
            }
        }
        else
        {
            Go(("panel", "settings"));
        }
    }

    private async Task SetActiveAsync(bool active) => Took(await Store.SetActiveAsync(_desk!.Summary.Id, active, _person!.Actor, _leaving.Token));

    private async Task SetOfferedAsync(bool offered) => Took(await Store.SetOfferedAsync(_desk!.Summary.Id, offered, _person!.Actor, _leaving.Token));

    private void Took(Outcome<Workflow> changed)
    {
        if (changed.Ok)
        {
            _desk!.Take(changed.Value);
        }
        else
        {
            _notice = (Words(changed.Errors), true);
        }
    }

    private async Task AskToPublishAsync()
    {
        await FlushAsync();
        (_publishNote, _publishFault) = ("", null);
        await Browser.OpenAsync("publish-workflow", _leaving.Token);
    }

    private async Task PublishAsync()
    {
        var published = await Store.PublishAsync(_desk!.Summary.Id, _desk.Revision, _publishNote.Trim(), _person!.Actor, _leaving.Token);
        if (!published.Ok)
        {
            _publishFault = Words(published.Errors);
            _problemsOpen = _desk.Problems.Count > 0;
            return;
        }

        _desk.Take(published.Value);
        _versions = null;
        await Browser.CloseAsync("publish-workflow", _leaving.Token);
        Tell($"Published as version {published.Value.Summary.PublishedVersion}.");
        await Browser.AnnounceAsync(_notice!.Value.Text, _leaving.Token);
    }

    private async Task ExportAsync()
    {
        await FlushAsync();
        await Browser.DownloadAsync($"{Slug}.workflow.json", "application/json", Files.Write(_desk!.Definition), _leaving.Token);
        if (WorkflowWords.Pasted(Files.Pasted(_desk.Definition)) is { } warning)
        {
            Tell(warning);
            await Browser.AnnounceAsync(warning, _leaving.Token);
        }
    }

    private async Task ExportPictureAsync(string format) => await _canvas!.CommandAsync($"export-{format}");

    private async Task ReadVersionsAsync()
    {
        _versions = null;
        await ReadOlderVersionsAsync();
        _desk!.Recall(await History.SinceAsync(_desk.Summary.Id, Math.Max(0, _desk.Revision - MostRecalled), _person!.Actor, _leaving.Token), _person.Actor.UserId);
    }

    private async Task ReadOlderVersionsAsync()
    {
        var page = await Store.VersionsAsync(_desk!.Summary.Id, _versions is null ? null : _olderVersions, VersionsAtOnce, _person!.Actor, _leaving.Token);
        (_versions, _olderVersions) = ([.. _versions ?? [], .. page.Items], page.NextCursor);
    }

    private void ShowVersionAsync(WorkflowVersion? version) => Go((nameof(Version), version?.Version == _shownVersion?.Version ? null : version?.Version));

    private async Task FollowVersionAsync()
    {
        if (Version == _shownVersion?.Version)
        {
            return;
        }

        _shownVersion = Version is { } wanted ? await Store.FindVersionAsync(_desk!.Summary.Id, wanted, _person!.Actor, _leaving.Token) : null;
        await ShowVersionOnCanvasAsync();
    }

    private async Task ShowVersionOnCanvasAsync()
    {
        if (_canvas is null || !_ready)
        {
            return;
        }

        if (_shownVersion is { } version)
        {
            await _canvas.PreviewAsync(version.Definition, _desk!.Definition, Rules.Difference(version.Definition, _desk.Definition));
        }
        else if (!LooksAtOtherDefinition)
        {
            await _canvas.EndPreviewAsync();
        }
    }

    private async Task RestoreAsync(WorkflowVersion version)
    {
        var replaced = await Store.ReplaceAsync(_desk!.Summary.Id, _desk.Revision, version.Definition, _person!.Actor, _leaving.Token);
        if (!replaced.Ok)
        {
            _notice = (Words(replaced.Errors), true);
            return;
        }

        _desk.Take(replaced.Value);
        await _canvas!.LoadAsync(_desk.Revision, _desk.Definition, _desk.Problems);
        RefreshSources();
        Tell($"Version {version.Version} is the draft again. Publish it to put it to work.");
        Go((nameof(Version), null));
    }
}

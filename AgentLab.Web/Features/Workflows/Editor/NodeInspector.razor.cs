using System.Text.Json;
using System.Text.Json.Nodes;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Web.Features.Workflows.Forms;
using AgentLab.Web.Features.Workflows.Runs;
using Microsoft.AspNetCore.Components;
using JsonContent = AgentLab.Core.Sessions.Events.JsonContent;

namespace AgentLab.Web.Features.Workflows.Editor;

/// <summary>Why a node was not saved.</summary>
/// <param name="Words">The reason, for people.</param>
/// <param name="Conflict">Somebody else changed the same meanwhile; theirs stands.</param>
public sealed record SaveRefusal(string Words, bool Conflict);

/// <summary>
/// One node's settings, what follows its errors, its last output and its help. What is typed is shown at once and committed when one pauses or leaves the field;
/// only the fields that were changed here are, so that another person's changes of the same node stay.
/// </summary>
public sealed partial class NodeInspector : IAsyncDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(400);
    private static readonly (string Key, string Title)[] Tabs = [("settings", "Settings"), ("error", "On error"), ("output", "Output"), ("help", "Help")];

    private readonly Dictionary<string, JsonNode?> _typed = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _saving = new(1, 1);

    // On its way to the store: it stays in the form until the node itself has it.
    private List<KeyValuePair<string, JsonNode?>> _sending = [];

    // What was seen when typing began: what others change meanwhile must not be overwritten by it.
    private (long Revision, WorkflowNode Node)? _basis;

    // What was typed over another's change and refused.
    private List<KeyValuePair<string, JsonNode?>> _lost = [];
    private Debouncer? _debouncer;
    private FormContext? _context;
    private INodeKind? _kind;
    private IReadOnlyList<SettingField> _fields = [];
    private JsonObject _settings = [];
    private NodeView? _execution;
    private string? _refused;

    [Parameter]
    public WorkflowNode? Node { get; set; }

    [Parameter, EditorRequired]
    public INodeKinds Kinds { get; set; } = default!;

    [Parameter, EditorRequired]
    public WorkflowDefinition Definition { get; set; } = default!;

    [Parameter]
    public IReadOnlyList<WorkflowProblem> Problems { get; set; } = [];

    [Parameter]
    public IReadOnlyList<ValueSource> Sources { get; set; } = [];

    [Parameter]
    public FormChoices Choices { get; set; } = FormChoices.None;

    /// <summary>The run that is shown.</summary>
    [Parameter]
    public RunView? Run { get; set; }

    [Parameter]
    public string? Tab { get; set; }

    [Parameter]
    public bool ReadOnly { get; set; }

    /// <summary>The draft's revision in which <see cref="Node"/> is so.</summary>
    [Parameter]
    public long Revision { get; set; }

    /// <summary>Commits the node, which was made from the one of that revision, under this label; answers with what stood in the way, or null.</summary>
    [Parameter, EditorRequired]
    public Func<WorkflowNode, string, long, Task<SaveRefusal?>> OnSave { get; set; } = default!;

    /// <summary>Keeps the node as an action block under a name and a description; answers with what stood in the way, or null.</summary>
    [Parameter]
    public Func<string, string, Task<string?>>? OnSaveBlock { get; set; }

    [Parameter]
    public Func<WorkflowNode, JsonElement?, Task<string?>> OnPin { get; set; } = (_, _) => Task.FromResult<string?>(null);

    [Parameter]
    public EventCallback<CanvasRun> OnRun { get; set; }

    [Parameter]
    public EventCallback<string?> OnTab { get; set; }

    /// <summary>Reads a value that is too large for its event.</summary>
    [Parameter]
    public Func<JsonContent, Task<JsonElement?>> LoadValue { get; set; } = _ => Task.FromResult<JsonElement?>(null);

    /// <summary>Puts text where the caret of an input stands.</summary>
    [Parameter]
    public Func<string, string, Task> Insert { get; set; } = (_, _) => Task.CompletedTask;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    private string Shown => Tabs.Any(tab => tab.Key == Tab) ? Tab! : "settings";

    /// <summary>Commits what was typed and waits for its pause to end.</summary>
    public async Task FlushAsync()
    {
        _debouncer?.Cancel();
        await _saving.WaitAsync();
        try
        {
            await CommitTypedAsync();
        }
        finally
        {
            _saving.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_debouncer is not null)
        {
            await _debouncer.DisposeAsync();
        }

        // Leaving a node does not lose what was typed into it.
        if (_typed.Count > 0)
        {
            await CommitTypedAsync();
        }
    }

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        _debouncer ??= new Debouncer(Time, Quiet, () => _ = InvokeAsync(SaveQuietlyAsync));
        _context ??= new FormContext { Prefix = "set", Change = ChangeAsync, Insert = (id, text) => Insert(id, text) };
        if (Node is null)
        {
            return;
        }

        if (_kind?.Description.Kind != Node.Kind)
        {
            _kind = Kinds.Find(Node.Kind);
            _fields = _kind is null ? [] : SettingFields.Of(_kind.Description.Settings, templates: true);
        }

        _execution = Run?.Node(Node.Id);
        _settings = WithTyped(Node);
        (_context.Root, _context.All, _context.ReadOnly) = (_settings, _fields, ReadOnly);
        _context.Sources = ReadOnly ? [] : Sources;
        _context.Choices = Choices;
        _context.Faults = Problems.Where(problem => problem.Node == Node.Id && problem.Field is { Length: > 0 } field && field[0] == '/')
            .GroupBy(problem => problem.Field!).ToDictionary(group => group.Key, group => group.First().Message);
    }

    private static string? Blank(ChangeEventArgs change) => string.IsNullOrWhiteSpace(change.Value?.ToString()) ? null : change.Value.ToString()!.Trim();

    private JsonObject WithTyped(WorkflowNode node)
    {
        var settings = node.Settings.ValueKind == JsonValueKind.Object ? (JsonObject)JsonNode.Parse(node.Settings.GetRawText())! : [];
        foreach (var (pointer, value) in _sending.Concat(_typed))
        {
            settings = FormValues.With(settings, pointer, value);
        }

        return settings;
    }

    private Task ChangeAsync(string pointer, JsonNode? value)
    {
        if (_sending.Count == 0)
        {
            _basis ??= (Revision, Node!);
        }

        _typed[pointer] = value?.DeepClone();
        // A part of what was typed before is in the whole that was typed now.
        foreach (var inner in _typed.Keys.Where(key => key.StartsWith(pointer + "/", StringComparison.Ordinal)).ToList())
        {
            _typed.Remove(inner);
        }

        _context!.Root = _settings = FormValues.With(_settings, pointer, value);
        _debouncer!.Request();
        StateHasChanged();
        return Task.CompletedTask;
    }

    private async Task SaveQuietlyAsync()
    {
        try
        {
            await FlushAsync();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            await DispatchExceptionAsync(fault);
        }
    }

    private async Task CommitTypedAsync()
    {
        if (_typed.Count == 0 || Node is not { } node)
        {
            return;
        }

        var (revision, basis) = _basis ?? (Revision, node);
        var changed = WithTyped(basis);
        var names = string.Join(", ", _typed.Keys.Select(pointer => pointer.Split('/')[1]).Distinct().Take(3));
        (_sending, _basis) = ([.. _typed], null);
        _typed.Clear();
        if (JsonNode.DeepEquals(changed, JsonNode.Parse(basis.Settings.GetRawText())))
        {
            _sending = [];
            return;
        }

        Refuse(await OnSave(basis with { Settings = JsonSerializer.SerializeToElement(changed) }, $"Set {names} of {node.Name}", revision));
        _sending = [];
        if (Node is { } shown)
        {
            _context!.Root = _settings = WithTyped(shown);
            // What was typed meanwhile stands on what was just committed.
            _basis = _typed.Count > 0 ? (Revision, shown) : null;
        }

        // Nobody pressed anything: the answer shows itself.
        StateHasChanged();
    }

    private void Refuse(SaveRefusal? refusal)
    {
        (_refused, _lost) = (refusal?.Words, []);
        if (refusal is { Conflict: true })
        {
            // Theirs is in the form now; one may put one's own in its place, knowing of it.
            _lost = _sending;
        }
        else if (refusal is not null)
        {
            // What could not be committed is still in the form: one may try again.
            foreach (var (pointer, value) in _sending)
            {
                _typed.TryAdd(pointer, value);
            }
        }
    }

    private async Task UseMineAsync()
    {
        foreach (var (pointer, value) in _lost)
        {
            _typed[pointer] = value;
        }

        (_lost, _refused, _basis) = ([], null, null);
        await FlushAsync();
    }

    private async Task SaveAsync(WorkflowNode node, string label)
    {
        await FlushAsync();
        Refuse(await OnSave(node with { Settings = Node!.Settings }, label, Revision));
    }

    private Task RenameAsync(ChangeEventArgs change) => Blank(change) is { } name && name != Node!.Name ? SaveAsync(Node with { Name = name }, $"Rename {Node.Name}") : Task.CompletedTask;

    private Task RemarkAsync(ChangeEventArgs change) => SaveAsync(Node! with { Comment = Blank(change) }, $"Write a remark on {Node.Name}");

    private Task SwitchAsync(bool on) => SaveAsync(Node! with { Disabled = !on }, on ? $"Switch {Node.Name} on" : $"Switch {Node.Name} off");

    private async Task PinAsync(JsonElement? value)
    {
        await FlushAsync();
        _refused = await OnPin(Node!, value);
    }

    private async Task UseExampleAsync()
    {
        _typed.Clear();
        _basis = null;
        Refuse(await OnSave(Node! with { Settings = _kind!.Description.Example }, $"Put the example into {Node.Name}", Revision));
        await OnTab.InvokeAsync(null);
    }
}

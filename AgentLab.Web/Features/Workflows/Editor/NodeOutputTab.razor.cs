using System.Text.Json;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Web.Features.Workflows.Runs;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;
using JsonContent = AgentLab.Core.Sessions.Events.JsonContent;

namespace AgentLab.Web.Features.Workflows.Editor;

/// <summary>A node's output in the run that is shown, beside what came into it; and its pinned output.</summary>
public sealed partial class NodeOutputTab
{
    private NodeView? _view;
    private NodeExecution? _execution;
    private JsonContent? _loadedOf;
    private JsonElement? _loaded;
    private JsonElement? _value;
    private JsonElement? _before;
    private string _text = "";
    private string? _fault;
    private string? _node;
    private int _chosen;
    private int _known;
    private bool _editing;

    [Parameter, EditorRequired]
    public WorkflowNode Node { get; set; } = default!;

    [Parameter, EditorRequired]
    public WorkflowDefinition Definition { get; set; } = default!;

    [Parameter]
    public RunView? Run { get; set; }

    [Parameter]
    public bool ReadOnly { get; set; }

    /// <summary>Pins a value, or lets go of it for null.</summary>
    [Parameter, EditorRequired]
    public Func<JsonElement?, Task> OnPin { get; set; } = default!;

    [Parameter, EditorRequired]
    public Func<JsonContent, Task<JsonElement?>> LoadValue { get; set; } = default!;

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        _view = Run?.Node(Node.Id);
        // The newest iteration is shown until someone picks another.
        if (_node != Node.Id || _view is null || _view.Executions.Count != _known)
        {
            (_node, _known) = (Node.Id, _view?.Executions.Count ?? 0);
            _chosen = Math.Max(0, _known - 1);
        }

        Take();
    }

    private void Take()
    {
        _execution = _view is { } view && view.Executions.Count > 0 ? view.Executions[Math.Min(_chosen, view.Executions.Count - 1)] : null;
        var output = _execution?.Output;
        _value = output?.Value ?? (ReferenceEquals(output, _loadedOf) ? _loaded : null);
        var before = Definition.Edges.Where(edge => edge.To == Node.Id).Select(edge => edge.From).ToList();
        _before = before is [var only] ? Run?.OutputOf(only) : null;
    }

    private async Task LoadAsync()
    {
        _loadedOf = _execution!.Output;
        _loaded = await LoadValue(_loadedOf!);
        Take();
    }

    private void Edit()
    {
        (_editing, _fault) = (true, null);
        _text = (Node.Pinned ?? _value) is { } value ? PrettyJson.Indent(value) : "{\n  \n}";
    }

    private async Task KeepAsync()
    {
        try
        {
            var value = JsonElement.Parse(_text);
            _fault = null;
            await OnPin(value);
            _editing = false;
        }
        catch (JsonException fault)
        {
            _fault = $"This is not JSON (line {(fault.LineNumber ?? 0) + 1}). Mend it, then pin it.";
        }
    }
}

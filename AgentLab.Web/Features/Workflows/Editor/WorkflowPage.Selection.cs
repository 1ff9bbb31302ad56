using System.Text.Json;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Web.Features.Workflows.Forms;

namespace AgentLab.Web.Features.Workflows.Editor;

// What is selected, and which values its templates may take.
public sealed partial class WorkflowPage
{
    private async Task SelectAsync(IReadOnlyList<string> ids)
    {
        var node = ids.Where(id => ShownDefinition.Nodes.Any(candidate => candidate.Id == id)).ToList() is [var only] ? only : null;
        if (node == _selected)
        {
            return;
        }

        await FlushAsync();
        (_selected, _shownNode) = (node, node);
        RefreshSources();
        // A panel about a node has nothing to show without one, but it stays while another is being picked.
        Go((nameof(Node), node));
    }

    private async Task ActivateAsync(string id)
    {
        await FlushAsync();
        (_selected, _shownNode) = (id, id);
        RefreshSources();
        Go((nameof(Node), id), ("panel", "node"), (nameof(Tab), IsOpen("node") ? Tab : null));
    }

    private async Task FocusNodeAsync(string id)
    {
        if (_canvas is not null && _ready)
        {
            await _canvas.SelectAsync(id);
        }
    }

    private async Task AddAsync(string kind)
    {
        if (_canvas is not null && _ready)
        {
            await _canvas.AddAsync(kind);
        }
    }

    // P on the canvas: pins what the node gave last, or lets go of what is pinned.
    private async Task PinAsync(string id)
    {
        if (_desk!.Node(id) is not { } node)
        {
            return;
        }

        var value = node.Pinned is null ? (ShownRun ?? _memory)?.OutputOf(id) : null;
        if (node.Pinned is null && value is null)
        {
            Tell($"{node.Name} has no output to pin yet. Run it first, or write one under Output.");
            await ActivateAsync(id);
            Go((nameof(Tab), "output"));
            return;
        }

        await SayAsync(SetPinAsync(node, value));
    }

    private Task<string?> SetPinAsync(WorkflowNode node, JsonElement? value) =>
        CommitAsync(value is null ? $"Unpin {node.Name}" : $"Pin {node.Name}", new SetNode((_desk!.Node(node.Id) ?? node) with { Pinned = value }));

    private void RefreshSources() => _sources = _selected is { } id && _desk is { } desk ? ValueSources.For(desk.Definition, id, ShownRun ?? _memory, _memory) : [];
}

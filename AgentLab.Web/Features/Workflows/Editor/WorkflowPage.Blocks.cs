using AgentLab.Core.Workflows.Nodes.ActionBlocks;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Workflows.Editor;

// The team's action blocks: offered beside the kinds, and made of a node that is set up.
public sealed partial class WorkflowPage
{
    private IReadOnlyList<ActionBlock> _blocks = [];
    private string _types = "[]";

    [Inject]
    private IActionBlocks ActionBlocks { get; set; } = default!;

    private async Task ReadBlocksAsync()
    {
        _blocks = await ActionBlocks.ListAsync(_person!.Actor, _leaving.Token);
        _types = ActionBlockTypes.With(Types.Json, _blocks);
    }

    // Answers with what stood in the way, or null.
    private async Task<string?> SaveBlockAsync(string name, string description)
    {
        await FlushAsync();
        if (_desk?.Node(_selected) is not { } node)
        {
            return "The node is gone.";
        }

        var block = new ActionBlock(Guid.CreateVersion7(), name, description, node.Kind, node.Settings, []);
        var saved = await ActionBlocks.SaveAsync(block, _person!.Actor, _leaving.Token);
        if (!saved.Ok)
        {
            return saved.Error.Message;
        }

        await ReadBlocksAsync();
        await _canvas!.TypesAsync(_types);
        Tell($"\"{saved.Value.Name}\" is an action block now: it is offered where nodes are added.");
        StateHasChanged();
        return null;
    }
}

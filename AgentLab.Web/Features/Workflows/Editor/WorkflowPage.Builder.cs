using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Web.Features.Workflows.Editor;

// The builder's proposals on the canvas.
public sealed partial class WorkflowPage
{
    private bool _proposing;

    private IReadOnlyList<string> Selected => _selected is { } node ? [node] : [];

    private async Task PreviewProposalAsync(WorkflowDefinition before, WorkflowDefinition after, IReadOnlyList<WorkflowOperation> operations)
    {
        if (_canvas is not null && _ready)
        {
            _proposing = true;
            await _canvas.PreviewAsync(before, after, operations);
        }
    }

    private async Task EndProposalAsync()
    {
        if (_proposing && _canvas is not null)
        {
            _proposing = false;
            await _canvas.EndPreviewAsync();
            await ShowVersionOnCanvasAsync();
        }
    }

    private async Task UndoAsync() => await _canvas!.CommandAsync("undo");
}

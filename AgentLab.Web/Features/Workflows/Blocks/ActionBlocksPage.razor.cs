using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Core.Workflows.Nodes.ActionBlocks;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Workflows.Blocks;

/// <summary>The team's action blocks: to find, rename and delete.</summary>
public sealed partial class ActionBlocksPage
{
    private const int PageSize = 50;

    private ActionBlock? _meant;
    private ActionBlock? _gone;
    private string? _refused;
    private string? _fault;
    private string _name = "";
    private string _description = "";
    private string _text = "";

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    /// <inheritdoc />
    protected override string Path => "/action-blocks";

    /// <inheritdoc />
    protected override IEnumerable<(string Name, string? Value)> Filters => [("q", _text)];

    [Inject]
    private IActionBlocks Blocks { get; set; } = default!;

    [Inject]
    private INodeKinds Kinds { get; set; } = default!;

    [Inject]
    private Browser Browser { get; set; } = default!;

    /// <inheritdoc />
    protected override void TakeFilters() => _text = Text ?? "";

    /// <inheritdoc />
    protected override ValueTask<Page<ActionBlock>> ReadAsync(Person person, CancellationToken cancellationToken) =>
        Blocks.PageAsync(string.IsNullOrWhiteSpace(Text) ? null : Text, Cursor, PageSize, person.Actor, cancellationToken);

    private async Task AskForNameAsync(ActionBlock block)
    {
        (_meant, _name, _description, _fault) = (block, block.Name, block.Description, null);
        StateHasChanged();
        await Browser.OpenAsync("rename-block", Leaving);
    }

    private async Task RenameAsync()
    {
        var saved = await Blocks.SaveAsync(_meant! with { Name = _name, Description = _description }, Person!.Actor, Leaving);
        if (!saved.Ok)
        {
            _fault = WorkflowWords.Of(saved.Errors);
            return;
        }

        await Browser.CloseAsync("rename-block", Leaving);
        await ReloadAsync();
    }

    private async Task AskToDeleteAsync(ActionBlock block)
    {
        _meant = block;
        StateHasChanged();
        await Browser.OpenAsync("delete-block", Leaving);
    }

    private async Task DeleteAsync()
    {
        var deleted = await Blocks.DeleteAsync(_meant!.Id, Person!.Actor, Leaving);
        await Browser.CloseAsync("delete-block", Leaving);
        _gone = deleted.Ok ? deleted.Value : null;
        _refused = deleted.Ok ? null : $"{_meant.Name} was not deleted. {WorkflowWords.Of(deleted.Errors)}";
        await ReloadAsync();
    }

    private async Task RestoreAsync()
    {
        var kept = await Blocks.SaveAsync(_gone!, Person!.Actor, Leaving);
        _refused = kept.Ok ? null : $"{_gone!.Name} did not come back. {WorkflowWords.Of(kept.Errors)}";
        _gone = kept.Ok ? null : _gone;
        await ReloadAsync();
    }
}

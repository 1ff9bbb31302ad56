using System.Text;
using AgentLab.Core;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace AgentLab.Web.Features.Workflows;

/// <summary>The list of workflows.</summary>
public sealed partial class WorkflowsPage
{
    /// <summary>The most bytes of a file, as the format says.</summary>
    private const long MaxFileBytes = 4 * 1024 * 1024;

    private const int MostProblems = 12;

    private readonly SortedSet<string> _tags = new(StringComparer.OrdinalIgnoreCase);
    private WorkflowSummary? _leavingOne;
    private IReadOnlyList<LabError> _problems = [];
    private string _problemTitle = "";
    private string _confirm = "";
    private string _text = "";
    private string _tag = "";

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    [SupplyParameterFromQuery]
    public string? Tag { get; set; }

    /// <inheritdoc />
    protected override string Path => "/workflows";

    /// <inheritdoc />
    protected override IEnumerable<(string Name, string? Value)> Filters => [("q", _text), ("tag", _tag)];

    [Inject]
    private IWorkflowStore Store { get; set; } = default!;

    [Inject]
    private IWorkflowFiles Files { get; set; } = default!;

    [Inject]
    private Browser Browser { get; set; } = default!;

    /// <inheritdoc />
    protected override void TakeFilters() => (_text, _tag) = (Text ?? "", Tag ?? "");

    /// <inheritdoc />
    protected override async ValueTask<Page<WorkflowSummary>> ReadAsync(Person person, CancellationToken cancellationToken)
    {
        var query = new WorkflowQuery
        {
            Text = string.IsNullOrWhiteSpace(Text) ? null : Text,
            Tag = string.IsNullOrWhiteSpace(Tag) ? null : Tag.Trim(),
            Cursor = Cursor,
        };
        var page = await Store.ListAsync(query, person.Actor, cancellationToken);
        _tags.UnionWith(page.Items.SelectMany(workflow => workflow.Tags));
        return page;
    }

    private static string TagAddress(string tag) => $"/workflows?tag={Uri.EscapeDataString(tag)}";

    private bool MayChange(WorkflowSummary workflow) => Person is { } person && person.Actor.MayEdit && person.Actor.Owns(workflow.OwnerId);

    private Task NewAsync() => OpenAsync(new WorkflowDefinition { Name = WorkflowNames.New }, "It could not be made.");

    private async Task OpenAsync(WorkflowDefinition definition, string refused)
    {
        Dismiss();
        var created = await Store.CreateAsync(definition, Person!.Actor, numbered: true, Leaving);
        if (created.Ok)
        {
            Navigation.NavigateTo($"/workflows/{created.Value.Summary.Slug}");
        }
        else
        {
            Refuse(refused, created.Errors);
        }
    }

    private async Task ImportAsync(InputFileChangeEventArgs change)
    {
        Dismiss();
        if (change.File.Size > MaxFileBytes)
        {
            Refuse($"{change.File.Name} was not imported.", [LabError.Invalid("", $"It has {Show.Size(change.File.Size)}; a workflow's file has at most {Show.Size(MaxFileBytes)}.")]);
            return;
        }

        using var reader = new StreamReader(change.File.OpenReadStream(MaxFileBytes, Leaving), Encoding.UTF8);
        var read = Files.Read(await reader.ReadToEndAsync(Leaving));
        if (read.Ok)
        {
            await OpenAsync(read.Value, $"{change.File.Name} was not imported.");
        }
        else
        {
            Refuse($"{change.File.Name} was not imported: {Show.Count(read.Errors.Count, "problem")}.", read.Errors);
        }
    }

    private async Task DuplicateAsync(WorkflowSummary workflow)
    {
        if (await Store.FindAsync(workflow.Slug, Person!.Actor, Leaving) is { } original)
        {
            var name = original.Draft.Name.Length > 90 ? original.Draft.Name[..90] : original.Draft.Name;
            await OpenAsync(original.Draft with { Name = $"{name} copy" }, "It was not duplicated.");
        }
    }

    private async Task ExportAsync(WorkflowSummary workflow)
    {
        if (await Store.FindAsync(workflow.Slug, Person!.Actor, Leaving) is { } found)
        {
            await Browser.DownloadAsync($"{workflow.Slug}.workflow.json", "application/json", Files.Write(found.Draft), Leaving);
            Dismiss();
            if (WorkflowWords.Pasted(Files.Pasted(found.Draft)) is { } warning)
            {
                Refuse(warning, Files.Pasted(found.Draft).Select(field => LabError.Invalid(field, "looks like a key or password.")).ToList());
            }
        }
    }

    private async Task SetActiveAsync(WorkflowSummary workflow, bool active)
    {
        Dismiss();
        var changed = await Store.SetActiveAsync(workflow.Id, active, Person!.Actor, Leaving);
        if (!changed.Ok)
        {
            Refuse($"The triggers of {workflow.Name} stay as they are.", changed.Errors);
        }

        await ReloadAsync();
    }

    private async Task AskToDeleteAsync(WorkflowSummary workflow)
    {
        (_leavingOne, _confirm) = (workflow, "");
        StateHasChanged();
        await Browser.OpenAsync("delete-workflow", Leaving);
    }

    private async Task DeleteAsync()
    {
        Dismiss();
        var deleted = await Store.DeleteAsync(_leavingOne!.Id, Person!.Actor, Leaving);
        await Browser.CloseAsync("delete-workflow", Leaving);
        if (!deleted.Ok)
        {
            Refuse($"{_leavingOne.Name} was not deleted.", deleted.Errors);
        }

        await ReloadAsync();
    }

    private void Refuse(string title, IReadOnlyList<LabError> errors) => (_problemTitle, _problems) = (title, errors);

    private void Dismiss() => _problems = [];
}

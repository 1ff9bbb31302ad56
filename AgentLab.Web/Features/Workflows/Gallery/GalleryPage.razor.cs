using AgentLab.Core.Identity;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Gallery;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Workflows.Gallery;

/// <summary>Workflows to begin from, each with a picture of its graph, and agents.</summary>
public sealed partial class GalleryPage : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private readonly List<GalleryTemplate> _team = [];
    private Person? _person;
    private string? _next;
    private string? _problem;
    private string? _category;
    private string _text = "";

    /// <summary>What is shown: <c>agents</c>, else workflows.</summary>
    [SupplyParameterFromQuery(Name = "show")]
    public string? Kind { get; set; }

    [Inject]
    private ICurrentPerson Current { get; set; } = default!;

    [Inject]
    private IWorkflowGallery Gallery { get; set; } = default!;

    [Inject]
    private ITeamGallery Team { get; set; } = default!;

    [Inject]
    private IWorkflowStore Store { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private bool OfAgents => Kind == "agents";

    private IEnumerable<string> Categories => All.Select(template => template.Category).Distinct();

    private IEnumerable<GalleryTemplate> All => Gallery.List.Concat(_team);

    private IEnumerable<GalleryTemplate> Found => All.Where(template => (_category is null || template.Category == _category)
        && _text.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word =>
            template.Title.Contains(word, StringComparison.OrdinalIgnoreCase) || template.Description.Contains(word, StringComparison.OrdinalIgnoreCase)
            || template.Tags.Any(tag => tag.Contains(word, StringComparison.OrdinalIgnoreCase))));

    /// <inheritdoc />
    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (RendererInfo.IsInteractive)
        {
            var person = await Current.GetAsync(_leaving.Token);
            await MoreAsync(person.Actor);
            _person = person;
        }
    }

    private Task MoreAsync() => MoreAsync(_person!.Actor);

    private async Task MoreAsync(Actor actor)
    {
        var page = await Team.ListAsync(_next, 20, actor, _leaving.Token);
        _team.AddRange(page.Items);
        _next = page.NextCursor;
    }

    private void Clear() => (_text, _category) = ("", null);

    private async Task UseAsync(GalleryTemplate template)
    {
        _problem = null;
        var created = await Store.CreateAsync(template.Definition, _person!.Actor, numbered: true, _leaving.Token);
        if (created.Ok)
        {
            Navigation.NavigateTo($"/workflows/{created.Value.Summary.Slug}");
            return;
        }

        _problem = WorkflowWords.Of(created.Errors);
    }
}

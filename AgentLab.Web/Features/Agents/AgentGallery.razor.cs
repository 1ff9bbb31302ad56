using AgentLab.Core.Agents;
using AgentLab.Core.Workflows.Gallery;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Agents;

/// <summary>The agents of the gallery. Whoever uses one gets a draft of their own, of its newest version, and is taken there.</summary>
public sealed partial class AgentGallery : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private List<Agent>? _team;
    private string? _next;
    private string? _problem;

    /// <summary>Only those that have these words.</summary>
    [Parameter]
    public string Text { get; set; } = "";

    /// <summary>Who looks.</summary>
    [Parameter, EditorRequired]
    public Person Person { get; set; } = default!;

    /// <summary>All are to be shown again.</summary>
    [Parameter]
    public EventCallback OnClear { get; set; }

    [Inject]
    private IAgentStore Agents { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private IEnumerable<(string Id, string Category, AgentDefinition Definition)> All =>
        StarterAgents.All.Select(starter => ($"starter {starter.Slug}", "Built in", starter.Definition)).Concat(_team!.Select(agent => (agent.Slug, ITeamGallery.Category, agent.Definition)));

    private IEnumerable<(string Id, string Category, AgentDefinition Definition)> Found => All.Where(offer => Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word =>
        offer.Definition.Name.Contains(word, StringComparison.OrdinalIgnoreCase) || offer.Definition.Description.Contains(word, StringComparison.OrdinalIgnoreCase)
        || offer.Category.Contains(word, StringComparison.OrdinalIgnoreCase)));

    /// <inheritdoc />
    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => MoreAsync();

    private async Task MoreAsync()
    {
        var page = await Agents.ListAsync(new AgentQuery { Offered = true, Cursor = _next }, Person.Actor, _leaving.Token);
        _team = [.. _team ?? [], .. page.Items];
        _next = page.NextCursor;
    }

    private async Task UseAsync(AgentDefinition definition)
    {
        var created = await Agents.CreateNumberedAsync(definition, Person.Actor, _leaving.Token);
        if (created.Ok)
        {
            Navigation.NavigateTo($"/agents/{created.Value.Id}");
            return;
        }

        _problem = created.Error!.Message;
    }
}

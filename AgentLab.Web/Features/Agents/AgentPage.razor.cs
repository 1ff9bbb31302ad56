using AgentLab.Core;
using AgentLab.Core.Agents;
using AgentLab.Core.Models;
using AgentLab.Core.Tools;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Agents;

/// <summary>One agent: its form, its versions and what can be done with it.</summary>
public sealed partial class AgentPage : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private Person? _person;
    private Agent? _agent;
    private AgentForm? _form;
    private IReadOnlyList<AgentVersion> _versions = [];
    private IReadOnlyList<string> _models = [];
    private Dictionary<string, string> _faults = [];
    private string? _loaded;
    private string? _note;
    private string _confirm = "";
    private bool _missing;

    /// <summary>The agent's id or slug; null for a new one.</summary>
    [Parameter]
    public string? Id { get; set; }

    [Inject]
    private ICurrentPerson Current { get; set; } = default!;

    [Inject]
    private IAgentStore Agents { get; set; } = default!;

    [Inject]
    private IToolRegistry Registry { get; set; } = default!;

    [Inject]
    private IProviderCatalog Catalog { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private Browser Browser { get; set; } = default!;

    private bool MayChange => _person is { } person && person.Actor.MayEdit && (_agent is null || person.Actor.Owns(_agent.OwnerId));

    /// <inheritdoc />
    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive || (_loaded == Id && _form is not null))
        {
            return;
        }

        _loaded = Id;
        _person = await Current.GetAsync(_leaving.Token);
        _models = await ModelsAsync();
        if (Id is null)
        {
            (_agent, _versions, _form) = (null, [], new AgentForm());
            return;
        }

        var agent = await Agents.FindAsync(Id, _person.Actor, _leaving.Token);
        _missing = agent is null;
        if (agent is not null)
        {
            await TakeAsync(agent);
        }
    }

    private static IEnumerable<(AgentStatus To, string Label, string Icon)> Moves(AgentStatus from)
    {
        if (from != AgentStatus.Active)
        {
            yield return (AgentStatus.Active, "Activate", "play");
        }

        if (from == AgentStatus.Active)
        {
            yield return (AgentStatus.Disabled, "Disable", "power");
        }

        if (from != AgentStatus.Archived)
        {
            yield return (AgentStatus.Archived, "Archive", "artifact");
        }
    }

    private static string FirstSentence(string text)
    {
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? text : text[..(end + 1)];
    }

    private string? Fault(string field) => _faults.GetValueOrDefault(field);

    private string? Wrong(string field) => _faults.ContainsKey(field) ? "true" : null;

    private void Choose(string tool, bool wanted)
    {
        if (wanted)
        {
            _form!.Tools.Add(tool);
        }
        else
        {
            _form!.Tools.Remove(tool);
        }
    }

    private void AskFor(string tool, bool wanted)
    {
        if (wanted)
        {
            _form!.AskTools.Add(tool);
        }
        else
        {
            _form!.AskTools.Remove(tool);
        }
    }

    private async Task<IReadOnlyList<string>> ModelsAsync() =>
        [.. (await Catalog.ListAsync(_leaving.Token)).Where(p => p.Enabled).SelectMany(p => p.Models.Select(m => $"{p.Id}/{m.Id}"))];

    private async Task TakeAsync(Agent agent)
    {
        _agent = agent;
        _form = AgentForm.From(agent.Definition);
        _versions = await Agents.VersionsAsync(agent.Id, _person!.Actor, _leaving.Token);
    }

    private async Task SaveAsync()
    {
        _note = null;
        (var definition, _faults) = _form!.Read();
        if (definition is null)
        {
            return;
        }

        if (_agent is null)
        {
            var created = await Agents.CreateAsync(definition, AgentStatus.Active, _person!.Actor, _leaving.Token);
            if (Landed(created))
            {
                Navigation.NavigateTo($"/agents/{created.Value!.Id}", replace: true);
            }

            return;
        }

        var before = _agent.Version;
        var saved = await Agents.UpdateAsync(_agent.Id, before, definition, _person!.Actor, _leaving.Token);
        if (Landed(saved))
        {
            await TakeAsync(saved.Value!);
            _note = saved.Value!.Version == before ? "Nothing had changed." : $"Saved as version {saved.Value.Version}. Open sessions keep theirs.";
        }
    }

    private bool Landed(Outcome<Agent> outcome)
    {
        _faults = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var error in outcome.Errors)
        {
            _faults.TryAdd(error.Field ?? (error.Code == "name_taken" ? "name" : ""), error.Message);
        }

        return outcome.Ok;
    }

    private async Task SetStatusAsync(AgentStatus status)
    {
        var changed = await Agents.SetStatusAsync(_agent!.Id, status, _person!.Actor, _leaving.Token);
        if (Landed(changed))
        {
            _agent = changed.Value;
            _note = $"{_agent!.Name} is now {AgentWords.Of(status).Word.ToLowerInvariant()}.";
        }
    }

    private async Task SetOfferedAsync(bool offered)
    {
        var changed = await Agents.SetOfferedAsync(_agent!.Id, offered, _person!.Actor, _leaving.Token);
        if (Landed(changed))
        {
            _agent = changed.Value;
            _note = offered ? "Everyone finds its newest version in the gallery now, and makes copies of their own." : "It is in the gallery no more. Copies stay.";
        }
    }

    private async Task DuplicateAsync()
    {
        var name = _agent!.Name.Length > 90 ? _agent.Name[..90] : _agent.Name;
        for (var number = 1; number <= 20; number++)
        {
            var copy = _agent.Definition with { Name = number == 1 ? $"{name} copy" : $"{name} copy {number}" };
            var created = await Agents.CreateAsync(copy, AgentStatus.Draft, _person!.Actor, _leaving.Token);
            if (created.Error?.Code != "name_taken")
            {
                if (Landed(created))
                {
                    Navigation.NavigateTo($"/agents/{created.Value!.Id}");
                }

                return;
            }
        }

        _faults = new() { [""] = "There are 20 copies of this name already. Rename one first." };
    }

    private Task ExportAsync() => Browser.DownloadAsync($"{_agent!.Slug}.agent.json", "application/json", AgentFile.Write(_agent.Definition), _leaving.Token).AsTask();

    private void Restore(AgentVersion version)
    {
        _form = AgentForm.From(version.Definition);
        _note = $"Version {version.Version} is in the form. Save to make it the newest.";
    }

    private async Task DeleteAsync()
    {
        var deleted = await Agents.DeleteAsync(_agent!.Id, _person!.Actor, _leaving.Token);
        await Browser.CloseAsync("delete-agent", _leaving.Token);
        if (Landed(deleted))
        {
            Navigation.NavigateTo("/agents");
        }
    }
}

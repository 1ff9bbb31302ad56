using AgentLab.Core.Agents;
using AgentLab.Core.Sessions;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace AgentLab.Web.Features.Agents;

/// <summary>The list of agents.</summary>
public sealed partial class AgentsPage
{
    private string? _problem;
    private string _text = "";
    private string _status = "";
    private string _type = "";

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    [SupplyParameterFromQuery]
    public string? Status { get; set; }

    [SupplyParameterFromQuery]
    public string? Type { get; set; }

    /// <inheritdoc />
    protected override string Path => "/agents";

    /// <inheritdoc />
    protected override IEnumerable<(string Name, string? Value)> Filters => [("q", _text), ("status", _status), ("type", _type)];

    [Inject]
    private IAgentStore Agents { get; set; } = default!;

    /// <inheritdoc />
    protected override void TakeFilters() => (_text, _status, _type) = (Text ?? "", Status ?? "", Type ?? "");

    /// <inheritdoc />
    protected override async ValueTask<Page<Agent>> ReadAsync(Person person, CancellationToken cancellationToken)
    {
        var query = new AgentQuery
        {
            Status = Enum.TryParse<AgentStatus>(Status, ignoreCase: true, out var status) ? status : null,
            Type = Enum.TryParse<AgentType>(Type, ignoreCase: true, out var type) ? type : null,
            Text = string.IsNullOrWhiteSpace(Text) ? null : Text,
            Cursor = Cursor,
        };
        return await Agents.ListAsync(query, person.Actor, cancellationToken);
    }

    private async Task ImportAsync(InputFileChangeEventArgs change)
    {
        _problem = null;
        if (change.File.Size > AgentFile.MaxBytes)
        {
            _problem = $"{change.File.Name} is larger than {Show.Size(AgentFile.MaxBytes)}: it is not an exported agent.";
            return;
        }

        using var reader = new StreamReader(change.File.OpenReadStream(AgentFile.MaxBytes, Leaving));
        var text = await reader.ReadToEndAsync(Leaving);
        if (!AgentFile.TryRead(text, out var definition, out var error))
        {
            _problem = $"{change.File.Name}: {error.Message}";
            return;
        }

        var created = await Agents.CreateAsync(definition, AgentStatus.Draft, Person!.Actor, Leaving);
        if (created.Ok)
        {
            Navigation.NavigateTo($"/agents/{created.Value.Id}");
        }
        else
        {
            _problem = $"{change.File.Name}: {string.Join(" ", created.Errors.Select(e => e.Message))}";
        }
    }
}

using AgentLab.Core.Agents;
using AgentLab.Core.Sessions;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Sessions;

/// <summary>The list of sessions.</summary>
public sealed partial class SessionsPage
{
    private IReadOnlyList<Agent> _agents = [];
    private string _text = "";
    private string _agent = "";
    private string _status = "";
    private bool _everyone;

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    [SupplyParameterFromQuery]
    public string? Agent { get; set; }

    [SupplyParameterFromQuery]
    public string? Status { get; set; }

    /// <summary>All people's sessions, for administrators.</summary>
    [SupplyParameterFromQuery]
    public bool Everyone { get; set; }

    /// <inheritdoc />
    protected override string Path => "/sessions";

    /// <inheritdoc />
    protected override IEnumerable<(string Name, string? Value)> Filters =>
        [("q", _text), ("agent", _agent), ("status", _status), ("everyone", _everyone ? "true" : null)];

    [Inject]
    private ISessionReader Reader { get; set; } = default!;

    [Inject]
    private IAgentStore Agents { get; set; } = default!;

    /// <inheritdoc />
    protected override void TakeFilters() => (_text, _agent, _status, _everyone) = (Text ?? "", Agent ?? "", Status ?? "", Everyone);

    /// <inheritdoc />
    protected override async ValueTask<Page<SessionSummary>> ReadAsync(Person person, CancellationToken cancellationToken)
    {
        if (_agents.Count == 0)
        {
            _agents = (await Agents.ListAsync(new AgentQuery { Limit = 100 }, person.Actor, cancellationToken)).Items;
        }

        var query = new SessionQuery
        {
            OwnerId = Everyone && person.Actor.IsAdministrator ? null : person.Actor.UserId,
            AgentId = Guid.TryParse(Agent, out var agent) ? agent : null,
            Status = Enum.TryParse<SessionStatus>(Status, ignoreCase: true, out var status) ? status : null,
            Text = string.IsNullOrWhiteSpace(Text) ? null : Text,
            Cursor = Cursor,
        };
        return await Reader.ListAsync(query, cancellationToken);
    }
}

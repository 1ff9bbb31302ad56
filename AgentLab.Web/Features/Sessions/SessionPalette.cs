using AgentLab.Core.Agents;
using AgentLab.Core.Sessions;
using AgentLab.Web.Layout;
using AgentLab.Web.Shared;

namespace AgentLab.Web.Features.Sessions;

/// <summary>Finds the person's own sessions by words of their titles, for the palette.</summary>
internal sealed class SessionPalette(ISessionReader reader, ICurrentPerson current) : IPaletteSource
{
    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<PaletteItem>> FindAsync(string query, CancellationToken ct)
    {
        var person = await current.GetAsync(ct);
        var text = string.IsNullOrWhiteSpace(query) ? null : query.Trim();
        var page = await reader.ListAsync(new SessionQuery { OwnerId = person.Actor.UserId, Text = text, Limit = 6 }, ct);
        return [.. page.Items.Select(session => new PaletteItem(session.Title, $"Session with {session.WorkerName}", "sessions", $"/lab/{session.Id}"))];
    }
}

/// <summary>Finds agents to talk to, for the palette.</summary>
internal sealed class AgentPalette(IAgentStore agents, ICurrentPerson current) : IPaletteSource
{
    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<PaletteItem>> FindAsync(string query, CancellationToken ct)
    {
        var person = await current.GetAsync(ct);
        var text = string.IsNullOrWhiteSpace(query) ? null : query.Trim();
        var page = await agents.ListAsync(new AgentQuery { Status = AgentStatus.Active, Text = text, Limit = 5 }, person.Actor, ct);
        return [.. page.Items.Select(agent => new PaletteItem($"Ask {agent.Name}", "Agent", "agent", $"/lab?agent={agent.Slug}"))];
    }
}

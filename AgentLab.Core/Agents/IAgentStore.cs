using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;

namespace AgentLab.Core.Agents;

/// <summary>Which agents to list.</summary>
public sealed record AgentQuery
{
    /// <summary>Only this status; null for all but archived ones.</summary>
    public AgentStatus? Status { get; init; }

    /// <summary>Only this type.</summary>
    public AgentType? Type { get; init; }

    /// <summary>Only those that are offered in the gallery; they are active.</summary>
    public bool Offered { get; init; }

    /// <summary>Only agents whose name contains this text, letters compared without case.</summary>
    public string? Text { get; init; }

    /// <summary>The opaque cursor of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many, 1 to 100. Default: 20.</summary>
    public int Limit { get; init; } = 20;
}

/// <summary>
/// The agents. Every call names who asks: drafts are seen by their owner and administrators, the rest by everyone; editors change their own,
/// administrators all; only administrators delete. What the asker may not see reads as <c>not_found</c>.
/// </summary>
public interface IAgentStore
{
    /// <summary>One page by name.</summary>
    ValueTask<Page<Agent>> ListAsync(AgentQuery query, Actor actor, CancellationToken cancellationToken);

    /// <summary>The agent with this id or slug; null when there is none for this actor.</summary>
    ValueTask<Agent?> FindAsync(string idOrSlug, Actor actor, CancellationToken cancellationToken);

    /// <summary>The agent as it was in this version, whoever asks: sessions keep their version. Null when there is none.</summary>
    ValueTask<Agent?> FindVersionAsync(Guid id, int version, CancellationToken cancellationToken);

    /// <summary>Its versions, newest first.</summary>
    ValueTask<IReadOnlyList<AgentVersion>> VersionsAsync(Guid id, Actor actor, CancellationToken cancellationToken);

    /// <summary>Makes an agent. Errors: <c>invalid</c> (each wrong field), <c>name_taken</c>, <c>forbidden</c>.</summary>
    Task<Outcome<Agent>> CreateAsync(AgentDefinition definition, AgentStatus status, Actor actor, CancellationToken cancellationToken);

    /// <summary>
    /// Saves a new version. <paramref name="expectedVersion"/> is the version that was edited; another one by now is <c>version_conflict</c> and nothing is
    /// overwritten. Saving what is already there makes no version.
    /// </summary>
    Task<Outcome<Agent>> UpdateAsync(Guid id, int expectedVersion, AgentDefinition definition, Actor actor, CancellationToken cancellationToken);

    /// <summary>Changes the status.</summary>
    Task<Outcome<Agent>> SetStatusAsync(Guid id, AgentStatus status, Actor actor, CancellationToken cancellationToken);

    /// <summary>
    /// Offers the agent in the gallery, from which everyone makes copies of its newest version, or takes it out. Errors: <c>agent_not_active</c> (only active agents are offered). One that is
    /// disabled or put away leaves the gallery until it is active again.
    /// </summary>
    Task<Outcome<Agent>> SetOfferedAsync(Guid id, bool offered, Actor actor, CancellationToken cancellationToken);

    /// <summary>Deletes an agent. Its versions stay as long as sessions refer to them; its name is free again.</summary>
    Task<Outcome<Agent>> DeleteAsync(Guid id, Actor actor, CancellationToken cancellationToken);
}

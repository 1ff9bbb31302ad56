using AgentLab.Core;
using AgentLab.Core.Agents;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Data.Projects;

namespace AgentLab.Tests.Fakes;

/// <summary>A store with one agent in it, for tests of the loop alone.</summary>
internal sealed class OneAgentStore(AgentDefinition definition) : IAgentStore
{
    private readonly List<Agent> _versions = [];

    /// <summary>The newest version; earlier ones stay to be found.</summary>
    public Agent Agent
    {
        get => field;
        set
        {
            _versions.Add(field);
            field = value;
        }
    } = new()
    {
        Id = Guid.NewGuid(),
        Slug = "agent",
        Version = 1,
        Definition = definition,
        Status = AgentStatus.Active,
        OwnerId = Guid.Empty,
        ProjectId = Project.DefaultId,
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };

    public ValueTask<Page<Agent>> ListAsync(AgentQuery query, Actor actor, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new Page<Agent>([Agent], null));

    public ValueTask<Agent?> FindAsync(string idOrSlug, Actor actor, CancellationToken cancellationToken) =>
        ValueTask.FromResult(idOrSlug == Agent.Slug ? Agent : null);

    public ValueTask<Agent?> FindVersionAsync(Guid id, int version, CancellationToken cancellationToken) =>
        ValueTask.FromResult(id != Agent.Id ? null : version == Agent.Version ? Agent : _versions.Find(agent => agent.Version == version));

    public ValueTask<IReadOnlyList<AgentVersion>> VersionsAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<AgentVersion>>([]);

    public Task<Outcome<Agent>> CreateAsync(AgentDefinition definition, AgentStatus status, Actor actor, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Outcome<Agent>> UpdateAsync(Guid id, int expectedVersion, AgentDefinition definition, Actor actor, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Outcome<Agent>> SetStatusAsync(Guid id, AgentStatus status, Actor actor, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Outcome<Agent>> SetOfferedAsync(Guid id, bool offered, Actor actor, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Outcome<Agent>> DeleteAsync(Guid id, Actor actor, CancellationToken cancellationToken) => throw new NotSupportedException();
}

/// <summary>No uploads.</summary>
internal sealed class NoFiles : IAttachmentStore, ISessionAttachments
{
    public Task<Outcome<Attachment>> SaveAsync(string name, string contentType, Stream content, Actor actor, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<AgentLab.Core.Sessions.Events.AttachmentReference>?> ResolveAsync(
        IReadOnlyList<Guid> ids, Actor actor, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<AgentLab.Core.Sessions.Events.AttachmentReference>?>(ids.Count == 0 ? [] : null);

    public AgentLab.Core.Tools.IAttachmentReader Open(SessionId session) => AgentLab.Core.Tools.NoAttachments.Instance;
}

using AgentLab.Core.Agents;
using AgentLab.Data.Databases;

namespace AgentLab.Data.Agents;

/// <summary>An agent's row with one of its versions.</summary>
internal sealed record Found(AgentRow Agent, AgentVersionRow Saved)
{
    public Agent ToAgent() => new()
    {
        Id = Agent.Id,
        Slug = Agent.Slug,
        Version = Saved.Version,
        Definition = DefinitionJson.Read(Saved.Definition),
        Status = Agent.Status,
        Offered = Agent.Offered,
        OwnerId = Agent.OwnerId,
        ProjectId = Agent.ProjectId,
        CreatedAt = UtcMicroseconds.ToTime(Agent.CreatedAt),
        UpdatedAt = UtcMicroseconds.ToTime(Agent.UpdatedAt),
    };
}

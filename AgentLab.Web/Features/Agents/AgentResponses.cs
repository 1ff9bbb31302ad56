using AgentLab.Core.Agents;
using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Web.Features.Agents;

/// <summary>An agent with its content.</summary>
internal sealed record AgentResponse
{
    /// <summary>The agent's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The readable id, which never changes: <c>analyst</c>.</summary>
    public required string Slug { get; init; }

    /// <summary>The version, from 1; each save makes a new one.</summary>
    public required int Version { get; init; }

    /// <summary>Whether it can be talked to.</summary>
    public required AgentStatus Status { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>One or two sentences for people.</summary>
    public required string Description { get; init; }

    /// <summary>What it is for.</summary>
    public required AgentType Type { get; init; }

    /// <summary>What the model is told.</summary>
    public required string Instructions { get; init; }

    /// <summary>The model, <c>provider/model</c>; empty for the default of the instance.</summary>
    public required string Model { get; init; }

    /// <summary>Sampling temperature; null leaves it to the model.</summary>
    public required double? Temperature { get; init; }

    /// <summary>Names of the tools on offer.</summary>
    public required IReadOnlyList<string> Tools { get; init; }

    /// <summary>Instruction blocks that are added behind the instructions.</summary>
    public required IReadOnlyList<Skill> Skills { get; init; }

    /// <summary>The bounds of each of its runs; null is unbounded.</summary>
    public required RunLimits Limits { get; init; }

    /// <summary>When it asks a person before it calls a tool.</summary>
    public required ApprovalPolicy Approvals { get; init; }

    /// <summary>Prompts that the Lab suggests.</summary>
    public required IReadOnlyList<string> Suggestions { get; init; }

    /// <summary>Whether it is offered in the gallery while it is active.</summary>
    public required bool Offered { get; init; }

    /// <summary>Who made it.</summary>
    public required Guid OwnerId { get; init; }

    /// <summary>The project it belongs to.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    public static AgentResponse Of(Agent agent) => new()
    {
        Id = agent.Id,
        Slug = agent.Slug,
        Version = agent.Version,
        Status = agent.Status,
        Name = agent.Definition.Name,
        Description = agent.Definition.Description,
        Type = agent.Definition.Type,
        Instructions = agent.Definition.Instructions,
        Model = agent.Definition.Model,
        Temperature = agent.Definition.Temperature,
        Tools = agent.Definition.Tools,
        Skills = agent.Definition.Skills,
        Limits = agent.Definition.Limits,
        Approvals = agent.Definition.Approvals,
        Suggestions = agent.Definition.Suggestions,
        Offered = agent.Offered,
        OwnerId = agent.OwnerId,
        ProjectId = agent.ProjectId,
        CreatedAt = agent.CreatedAt,
        UpdatedAt = agent.UpdatedAt,
    };
}

/// <summary>The history of an agent, newest first.</summary>
internal sealed record AgentVersionsResponse
{
    /// <summary>The versions.</summary>
    public required IReadOnlyList<AgentVersion> Items { get; init; }
}

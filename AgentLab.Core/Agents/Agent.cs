using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Agents;

/// <summary>Whether an agent can be talked to.</summary>
public enum AgentStatus
{
    /// <summary>Being written; only its owner sees it offered.</summary>
    Draft,

    /// <summary>Offered to everyone.</summary>
    Active,

    /// <summary>Kept, but starts no new runs.</summary>
    Disabled,

    /// <summary>Put away; listed only on request.</summary>
    Archived,
}

/// <summary>What an agent is for.</summary>
public enum AgentType
{
    /// <summary>Talks with a person.</summary>
    Chat,

    /// <summary>Works on queued tasks.</summary>
    Task,

    /// <summary>Searches and reports.</summary>
    Research,

    /// <summary>Draws workflows.</summary>
    Builder,
}

/// <summary>A reusable block of instructions.</summary>
/// <param name="Name">What it is called, 1 to 100 characters.</param>
/// <param name="Text">The instructions, 1 to 8,000 characters.</param>
public sealed record Skill(string Name, string Text);

/// <summary>The part of an agent that is versioned: each save makes a new version, and a session keeps the one it began with.</summary>
public sealed record AgentDefinition
{
    /// <summary>Unique without regard to case, 1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>One or two sentences for people, at most 500 characters.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>What it is for.</summary>
    public AgentType Type { get; init; }

    /// <summary>What the model is told, at most 32,000 characters.</summary>
    public string Instructions { get; init; } = string.Empty;

    /// <summary>The model reference: <c>provider/model</c>, or empty for the instance's default.</summary>
    public string Model { get; init; } = string.Empty;

    /// <summary>Sampling temperature, 0 to 2; null leaves it to the model.</summary>
    public double? Temperature { get; init; }

    /// <summary>Names of the tools on offer.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Instruction blocks that are added behind the instructions.</summary>
    public IReadOnlyList<Skill> Skills { get; init; } = [];

    /// <summary>The bounds of each of its runs.</summary>
    public RunLimits Limits { get; init; } = new();

    /// <summary>When it asks a person before it calls a tool.</summary>
    public ApprovalPolicy Approvals { get; init; } = new();

    /// <summary>Prompts that the Lab suggests, at most 6 of 200 characters.</summary>
    public IReadOnlyList<string> Suggestions { get; init; } = [];

    /// <summary>The whole of what the model is told: the instructions and each skill.</summary>
    public string FullInstructions() =>
        Skills.Count == 0 ? Instructions : string.Join("\n\n", [Instructions, .. Skills.Select(s => $"## {s.Name}\n{s.Text}")]);
}

/// <summary>A named configuration that a person talks to.</summary>
public sealed record Agent
{
    /// <summary>The identity.</summary>
    public required Guid Id { get; init; }

    /// <summary>The readable identity, made from the first name and never changed: <c>analyst</c>.</summary>
    public required string Slug { get; init; }

    /// <summary>The version of <see cref="Definition"/>, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>The newest version's content (or that of the version asked for).</summary>
    public required AgentDefinition Definition { get; init; }

    /// <summary>Whether it can be talked to.</summary>
    public required AgentStatus Status { get; init; }

    /// <summary>Whether it is offered in the gallery while it is active.</summary>
    public bool Offered { get; init; }

    /// <summary>Who made it.</summary>
    public required Guid OwnerId { get; init; }

    /// <summary>The project it belongs to.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The name of the newest version.</summary>
    public string Name => Definition.Name;
}

/// <summary>One entry of an agent's history.</summary>
/// <param name="Version">The version, from 1.</param>
/// <param name="SavedAt">When it was saved.</param>
/// <param name="SavedBy">Who saved it.</param>
/// <param name="Definition">What was saved.</param>
public sealed record AgentVersion(int Version, DateTimeOffset SavedAt, Guid SavedBy, AgentDefinition Definition);

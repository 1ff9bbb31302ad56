using AgentLab.Core.Agents;
using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Web.Features.Agents;

/// <summary>The content of an agent. What is left out takes its default.</summary>
internal record AgentContent
{
    /// <summary>Unique without regard to case, 1 to 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>One or two sentences for people, at most 500 characters.</summary>
    public string? Description { get; init; }

    /// <summary>What it is for. Default: chat.</summary>
    public AgentType? Type { get; init; }

    /// <summary>What the model is told, at most 32,000 characters.</summary>
    public string? Instructions { get; init; }

    /// <summary>The model, <c>provider/model</c>; empty for the default of the instance.</summary>
    public string? Model { get; init; }

    /// <summary>Sampling temperature, 0 to 2; null leaves it to the model.</summary>
    public double? Temperature { get; init; }

    /// <summary>Names of the tools on offer; <c>GET /api/v1/capabilities</c> lists them.</summary>
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary>Instruction blocks that are added behind the instructions.</summary>
    public IReadOnlyList<Skill>? Skills { get; init; }

    /// <summary>The bounds of each of its runs; null is unbounded.</summary>
    public RunLimits? Limits { get; init; }

    /// <summary>When it asks a person before it calls a tool.</summary>
    public ApprovalPolicy? Approvals { get; init; }

    /// <summary>Prompts that the Lab suggests, at most 6 of 200 characters.</summary>
    public IReadOnlyList<string>? Suggestions { get; init; }

    public AgentDefinition ToDefinition() => new()
    {
        Name = Name ?? "",
        Description = Description ?? "",
        Type = Type ?? AgentType.Chat,
        Instructions = Instructions ?? "",
        Model = Model ?? "",
        Temperature = Temperature,
        Tools = Tools ?? [],
        Skills = Skills ?? [],
        Limits = Limits ?? new RunLimits(),
        Approvals = Approvals ?? new ApprovalPolicy(),
        Suggestions = Suggestions ?? [],
    };
}

/// <summary>Make an agent.</summary>
internal sealed record CreateAgentRequest : AgentContent
{
    /// <summary>Its first status. Default: active.</summary>
    public AgentStatus? Status { get; init; }
}

/// <summary>Save a new version of an agent.</summary>
internal sealed record UpdateAgentRequest : AgentContent
{
    /// <summary>The version that was edited; or send it as <c>If-Match: "3"</c>.</summary>
    public int? Version { get; init; }
}

/// <summary>Change the status of an agent.</summary>
internal sealed record AgentStatusRequest
{
    /// <summary>draft, active, disabled or archived.</summary>
    public AgentStatus? Status { get; init; }
}

/// <summary>Make a copy of an agent.</summary>
internal sealed record DuplicateAgentRequest
{
    /// <summary>The copy's name. Default: the name with "copy" behind it.</summary>
    public string? Name { get; init; }
}

/// <summary>Offer an agent in the gallery.</summary>
internal sealed record AgentOfferedRequest
{
    /// <summary>true offers it, false takes it out.</summary>
    public bool? Offered { get; init; }
}

using System.Text.Json;
using AgentLab.Core.Agents;
using AgentLab.Core.Models;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows;
using AgentLab.Web.Features.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentLab.Web.Features.Capabilities;

/// <summary><c>/api/v1/capabilities</c>: what there is to work with.</summary>
internal static class CapabilitiesApi
{
    private const int MaxAgents = 100;
    private const int MaxWorkflows = 100;

    public static RouteGroupBuilder MapCapabilitiesApi(this RouteGroupBuilder api)
    {
        api.MapGet("/capabilities", GetAsync).WithTags("Capabilities").WithName("GetCapabilities");
        return api;
    }

    /// <summary>Lists what agents, workflows, tools and models there are</summary>
    /// <remarks>The first 100 active agents by name, and those of the 100 workflows that changed last which are published; all of them are at <c>GET /api/v1/agents</c> and <c>GET /api/v1/workflows</c>.</remarks>
    public static async Task<Ok<CapabilitiesResponse>> GetAsync(
        Caller caller, IAgentStore agents, IWorkflowStore workflows, IToolRegistry tools, IProviderCatalog providers, IProviderHealth health,
        CancellationToken cancellationToken)
    {
        var page = await agents.ListAsync(new AgentQuery { Status = AgentStatus.Active, Limit = MaxAgents }, caller.Actor, cancellationToken);
        var flows = await workflows.ListAsync(new WorkflowQuery { Limit = MaxWorkflows }, caller.Actor, cancellationToken);
        var catalog = await providers.ListAsync(cancellationToken);
        return TypedResults.Ok(new CapabilitiesResponse
        {
            Agents = [.. page.Items.Select(a => new AgentCapability(a.Id, a.Slug, a.Name, a.Definition.Description, a.Definition.Type, a.Definition.Model, a.Definition.Tools))],
            Workflows =
            [
                .. flows.Items.Where(w => w.PublishedVersion is not null)
                    .Select(w => new WorkflowCapability(w.Id, w.Slug, w.Name, w.Description, w.Tags, w.PublishedVersion!.Value, w.Active)),
            ],
            Tools = [.. tools.All.Where(tool => tool.OnlyFor is null).Select(ToolCapability.Of)],
            Models = [.. catalog.Where(p => p.Enabled).SelectMany(p => p.Models.Select(m => ModelCapability.Of(p, m, health.Get(p.Id))))],
        });
    }
}

/// <summary>What there is to work with.</summary>
internal sealed record CapabilitiesResponse
{
    /// <summary>Agents that can be talked to.</summary>
    public required IReadOnlyList<AgentCapability> Agents { get; init; }

    /// <summary>Workflows that can be run.</summary>
    public required IReadOnlyList<WorkflowCapability> Workflows { get; init; }

    /// <summary>Tools that agents can be given.</summary>
    public required IReadOnlyList<ToolCapability> Tools { get; init; }

    /// <summary>Models of the enabled providers.</summary>
    public required IReadOnlyList<ModelCapability> Models { get; init; }
}

/// <summary>An agent that can be talked to.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Slug">Its readable id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Description">One or two sentences.</param>
/// <param name="Type">What it is for.</param>
/// <param name="Model">Its model; empty for the default of the instance.</param>
/// <param name="Tools">Names of its tools.</param>
internal sealed record AgentCapability(Guid Id, string Slug, string Name, string Description, AgentType Type, string Model, IReadOnlyList<string> Tools);

/// <summary>A workflow that can be run.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Slug">Its readable id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Description">What it does.</param>
/// <param name="Tags">Words by which it is found.</param>
/// <param name="Version">Its newest published version.</param>
/// <param name="Active">Whether its webhooks and events start it.</param>
internal sealed record WorkflowCapability(Guid Id, string Slug, string Name, string Description, IReadOnlyList<string> Tags, int Version, bool Active);

/// <summary>A tool that agents can be given.</summary>
internal sealed record ToolCapability
{
    /// <summary>The name that models use and agents list.</summary>
    public required string Name { get; init; }

    /// <summary>The name that people see.</summary>
    public required string Title { get; init; }

    /// <summary>What it does.</summary>
    public required string Description { get; init; }

    /// <summary>What a call changes: read, write or external.</summary>
    public required ToolEffect Effect { get; init; }

    /// <summary>Whether a call may be repeated under the same key when its end is unknown.</summary>
    public required bool RepeatSafe { get; init; }

    /// <summary>Whether a person is asked before it is called: never or always.</summary>
    public required ApprovalRule Approval { get; init; }

    /// <summary>How long a call may take, in seconds.</summary>
    public required double TimeoutSeconds { get; init; }

    /// <summary>JSON Schema of its arguments.</summary>
    public required JsonElement Schema { get; init; }

    public static ToolCapability Of(Tool tool) => new()
    {
        Name = tool.Name,
        Title = tool.Title,
        Description = tool.Description,
        Effect = tool.Effect,
        RepeatSafe = tool.RepeatSafe,
        Approval = tool.Approval,
        TimeoutSeconds = tool.Timeout.TotalSeconds,
        Schema = tool.Schema,
    };
}

/// <summary>A model of an enabled provider.</summary>
internal sealed record ModelCapability
{
    /// <summary>How agents name it: <c>provider/model</c>.</summary>
    public required string Reference { get; init; }

    /// <summary>The provider's name.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's own name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>True for the built-in stand-in, which is not a language model.</summary>
    public required bool Rehearsal { get; init; }

    /// <summary>False while nothing but failures is known of its provider.</summary>
    public required bool Healthy { get; init; }

    /// <summary>US dollars for a million input tokens; null when unknown.</summary>
    public required decimal? InputPrice { get; init; }

    /// <summary>US dollars for a million output tokens; null when unknown.</summary>
    public required decimal? OutputPrice { get; init; }

    /// <summary>The most tokens that prompt and answer may have together; null when unknown.</summary>
    public required int? ContextWindow { get; init; }

    public static ModelCapability Of(ProviderDefinition provider, ModelInfo model, ProviderHealth health) => new()
    {
        Reference = $"{provider.Id}/{model.Id}",
        Provider = provider.Name,
        Model = model.Id,
        Rehearsal = provider.Kind == ProviderKind.Rehearsal,
        Healthy = health.IsHealthy,
        InputPrice = model.InputPrice,
        OutputPrice = model.OutputPrice,
        ContextWindow = model.ContextWindow,
    };
}

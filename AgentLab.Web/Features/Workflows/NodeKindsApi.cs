using System.Text.Json;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Web.Features.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentLab.Web.Features.Workflows;

/// <summary><c>/api/v1/node-kinds</c>: what workflows can be made of.</summary>
internal static class NodeKindsApi
{
    public static RouteGroupBuilder MapNodeKindsApi(this RouteGroupBuilder api)
    {
        api.MapGet("/node-kinds", List).WithTags("Workflows").WithName("ListNodeKinds");
        return api;
    }

    /// <summary>Lists the kinds of nodes</summary>
    /// <remarks>By group and title, each with its ports, its help and the JSON Schema of its settings. All of them at once: there are a few dozen.</remarks>
    public static Ok<NodeKindsResponse> List(Caller caller, INodeKinds kinds) =>
        TypedResults.Ok(new NodeKindsResponse { Items = [.. kinds.All.Select(kind => NodeKindItem.Of(kind.Description))] });
}

/// <summary>The kinds of nodes.</summary>
internal sealed record NodeKindsResponse
{
    /// <summary>The kinds.</summary>
    public required IReadOnlyList<NodeKindItem> Items { get; init; }
}

/// <summary>A kind of node.</summary>
internal sealed record NodeKindItem
{
    /// <summary>How definitions name it: <c>http_request</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What people call it.</summary>
    public required string Title { get; init; }

    /// <summary>The palette's section.</summary>
    public required string Group { get; init; }

    /// <summary>One sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Markdown: how to use it.</summary>
    public required string Help { get; init; }

    /// <summary>trigger, action, merge, loop, subWorkflow or respond.</summary>
    public required NodeRole Role { get; init; }

    /// <summary>The input ports.</summary>
    public required IReadOnlyList<NodePort> Inputs { get; init; }

    /// <summary>The output ports.</summary>
    public required IReadOnlyList<NodePort> Outputs { get; init; }

    /// <summary>JSON Schema of the settings.</summary>
    public required JsonElement Settings { get; init; }

    /// <summary>Settings that work.</summary>
    public required JsonElement Example { get; init; }

    public static NodeKindItem Of(NodeDescription kind) => new()
    {
        Kind = kind.Kind,
        Title = kind.Title,
        Group = kind.Group,
        Summary = kind.Summary,
        Help = kind.Help,
        Role = kind.Role,
        Inputs = kind.Inputs,
        Outputs = kind.Outputs,
        Settings = kind.Settings,
        Example = kind.Example,
    };
}

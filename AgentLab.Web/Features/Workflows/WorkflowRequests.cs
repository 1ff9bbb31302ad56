using System.Text.Json;

namespace AgentLab.Web.Features.Workflows;

/// <summary>Make a workflow.</summary>
internal sealed record CreateWorkflowRequest
{
    /// <summary>The name of an empty workflow, when no definition is given.</summary>
    public string? Name { get; init; }

    /// <summary>The definition, in the format of <c>docs/workflow.schema.json</c>.</summary>
    public JsonElement? Definition { get; init; }
}

/// <summary>Put a definition in the draft's place.</summary>
internal sealed record ReplaceWorkflowRequest
{
    /// <summary>The revision that was edited; or send it as <c>If-Match: "3"</c>.</summary>
    public long? Revision { get; init; }

    /// <summary>The whole definition, in the format of <c>docs/workflow.schema.json</c>.</summary>
    public JsonElement? Definition { get; init; }
}

/// <summary>Make a copy of a workflow.</summary>
internal sealed record DuplicateWorkflowRequest
{
    /// <summary>The copy's name. Default: the name with "copy" behind it.</summary>
    public string? Name { get; init; }
}

/// <summary>Make the draft the newest published version.</summary>
internal sealed record PublishWorkflowRequest
{
    /// <summary>The revision that is meant; without it the present one.</summary>
    public long? Revision { get; init; }

    /// <summary>What changed, at most 500 characters.</summary>
    public string? Note { get; init; }
}

/// <summary>Bring a published version back as the draft.</summary>
internal sealed record RestoreWorkflowRequest
{
    /// <summary>The draft's revision that was looked at; without it the present one.</summary>
    public long? Revision { get; init; }
}

/// <summary>Offer a workflow in the gallery.</summary>
internal sealed record WorkflowOfferedRequest
{
    /// <summary>Whether others find it there.</summary>
    public bool? Offered { get; init; }
}

/// <summary>Switch a workflow's triggers.</summary>
internal sealed record WorkflowActiveRequest
{
    /// <summary>Whether its webhooks and events start it.</summary>
    public bool? Active { get; init; }
}

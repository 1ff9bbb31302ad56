using System.Text.Json;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Web.Features.Workflows;

/// <summary>A workflow without its graph.</summary>
internal record WorkflowSummaryResponse
{
    /// <summary>The workflow's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The readable id, which never changes: <c>order-triage</c>.</summary>
    public required string Slug { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required string Description { get; init; }

    /// <summary>Words by which it is found.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>How many nodes the draft has.</summary>
    public required int Nodes { get; init; }

    /// <summary>The draft's revision, from 1; each change makes a new one.</summary>
    public required long Revision { get; init; }

    /// <summary>The newest published version; null for none.</summary>
    public required int? PublishedVersion { get; init; }

    /// <summary>Whether the draft differs from it.</summary>
    public required bool HasChanges { get; init; }

    /// <summary>Whether its webhooks and events start it.</summary>
    public required bool Active { get; init; }

    /// <summary>Whether its published version is offered in the gallery.</summary>
    public required bool Offered { get; init; }

    /// <summary>Who made it.</summary>
    public required Guid OwnerId { get; init; }

    /// <summary>The project it belongs to.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the draft was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Its newest run among those that you may see.</summary>
    public required WorkflowRunListItem? LastRun { get; init; }

    public static WorkflowSummaryResponse Of(WorkflowSummary workflow) => new()
    {
        Id = workflow.Id,
        Slug = workflow.Slug,
        Name = workflow.Name,
        Description = workflow.Description,
        Tags = workflow.Tags,
        Nodes = workflow.Nodes,
        Revision = workflow.Revision,
        PublishedVersion = workflow.PublishedVersion,
        HasChanges = workflow.HasChanges,
        Active = workflow.Active,
        Offered = workflow.Offered,
        OwnerId = workflow.OwnerId,
        ProjectId = workflow.ProjectId,
        CreatedAt = workflow.CreatedAt,
        UpdatedAt = workflow.UpdatedAt,
        LastRun = workflow.LastRun is { } run ? WorkflowRunListItem.Of(run) : null,
    };
}

/// <summary>A workflow with its draft.</summary>
internal sealed record WorkflowDetailResponse
{
    /// <summary>The workflow's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The draft's revision: hand it back with a change.</summary>
    public required long Revision { get; init; }

    /// <summary>What lists show.</summary>
    public required WorkflowSummaryResponse Summary { get; init; }

    /// <summary>The draft, in the format of <c>docs/workflow.schema.json</c>.</summary>
    public required JsonElement Definition { get; init; }

    /// <summary>What a person should mend about the draft, errors first, at most 100. Errors stand in the way of publishing.</summary>
    public required IReadOnlyList<WorkflowProblemItem> Problems { get; init; }

    public static WorkflowDetailResponse Of(Workflow workflow, IReadOnlyList<WorkflowProblemItem> problems) => new()
    {
        Id = workflow.Id,
        Revision = workflow.Revision,
        Summary = WorkflowSummaryResponse.Of(workflow.Summary),
        Definition = DefinitionElement.Of(workflow.Draft),
        Problems = problems,
    };
}

/// <summary>Something about a draft that a person should mend.</summary>
/// <param name="Severity">error or warning; a warning stands in the way of nothing.</param>
/// <param name="Code">A stable code, such as <c>unknown_kind</c> or <c>secret_pasted</c>.</param>
/// <param name="Node">The node's id, when it is about one.</param>
/// <param name="Field">The setting as a JSON pointer, or the property of the node or workflow.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
internal sealed record WorkflowProblemItem(ProblemSeverity Severity, string Code, string? Node, string? Field, string Message)
{
    public static WorkflowProblemItem Of(WorkflowProblem problem) => new(problem.Severity, problem.Code, problem.Node, problem.Field, problem.Message);
}

/// <summary>A published version without its graph.</summary>
/// <param name="Version">From 1.</param>
/// <param name="PublishedAt">When.</param>
/// <param name="PublishedBy">Who.</param>
/// <param name="Note">What changed, in the publisher's words.</param>
/// <param name="Nodes">How many nodes it has.</param>
internal sealed record WorkflowVersionItem(int Version, DateTimeOffset PublishedAt, Guid PublishedBy, string Note, int Nodes)
{
    public static WorkflowVersionItem Of(WorkflowVersion version) =>
        new(version.Version, version.PublishedAt, version.PublishedBy, version.Note, version.Definition.Nodes.Count);
}

/// <summary>A published version.</summary>
internal sealed record WorkflowVersionResponse
{
    /// <summary>From 1.</summary>
    public required int Version { get; init; }

    /// <summary>When it was published.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>Who published it.</summary>
    public required Guid PublishedBy { get; init; }

    /// <summary>What changed, in the publisher's words.</summary>
    public required string Note { get; init; }

    /// <summary>The definition, in the format of <c>docs/workflow.schema.json</c>.</summary>
    public required JsonElement Definition { get; init; }

    public static WorkflowVersionResponse Of(WorkflowVersion version) => new()
    {
        Version = version.Version,
        PublishedAt = version.PublishedAt,
        PublishedBy = version.PublishedBy,
        Note = version.Note,
        Definition = DefinitionElement.Of(version.Definition),
    };
}

/// <summary>Something that others did to a draft meanwhile.</summary>
/// <param name="Revision">The draft's revision with it.</param>
/// <param name="Label">What it is called.</param>
/// <param name="By">Who did it.</param>
/// <param name="At">When.</param>
internal sealed record DraftChangeItem(long Revision, string Label, Guid By, DateTimeOffset At);

/// <summary>A run in a list.</summary>
internal sealed record WorkflowRunListItem
{
    /// <summary>The run's id.</summary>
    public required Guid RunId { get; init; }

    /// <summary>Its session, whose events tell all of it.</summary>
    public required string SessionId { get; init; }

    /// <summary>The workflow; empty for a file that was never saved.</summary>
    public required Guid WorkflowId { get; init; }

    /// <summary>Its name then.</summary>
    public required string WorkflowName { get; init; }

    /// <summary>The version that it keeps; 0 for a draft or a file.</summary>
    public required int Version { get; init; }

    /// <summary>running, waiting, completed, failed or cancelled.</summary>
    public required string Status { get; init; }

    /// <summary>What started it: manual, api, webhook, lab, workflow_event or command_line.</summary>
    public required string Trigger { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it failed, a stable code.</summary>
    public required string? ErrorCode { get; init; }

    /// <summary>How many steps it took.</summary>
    public required int Steps { get; init; }

    public static WorkflowRunListItem Of(WorkflowRunSummary run) => new()
    {
        RunId = run.RunId.Value,
        SessionId = run.SessionId.Value,
        WorkflowId = run.WorkflowId,
        WorkflowName = run.WorkflowName,
        Version = run.Version,
        Status = run.Status,
        Trigger = run.Trigger,
        StartedAt = run.StartedAt,
        EndedAt = run.EndedAt,
        ErrorCode = run.ErrorCode,
        Steps = run.Steps,
    };
}

/// <summary>Definitions in answers look as they do in files.</summary>
internal static class DefinitionElement
{
    public static JsonElement Of(WorkflowDefinition definition) => JsonSerializer.SerializeToElement(definition, WorkflowJson.Compact.WorkflowDefinition);
}

using AgentLab.Core.Workflows;
using AgentLab.Data.Databases;

namespace AgentLab.Data.Workflows;

/// <summary>A workflow's row with the bytes of its draft.</summary>
internal sealed record FoundWorkflow(WorkflowRow Row, byte[] Draft)
{
    public Workflow ToWorkflow(WorkflowRunSummary? lastRun = null) => new(Summary(Row, lastRun), WorkflowText.Read(Draft));

    public static WorkflowSummary Summary(WorkflowRow row, WorkflowRunSummary? lastRun) => new(
        row.Id, row.Slug, row.Name, row.Description, WorkflowText.ReadTags(row.Tags), row.Nodes, row.Revision, row.PublishedVersion,
        row.PublishedVersion is null || row.DraftHash != row.PublishedHash, row.Active, row.OwnerId, row.ProjectId,
        UtcMicroseconds.ToTime(row.CreatedAt), UtcMicroseconds.ToTime(row.UpdatedAt), lastRun) { Offered = row.Offered };
}

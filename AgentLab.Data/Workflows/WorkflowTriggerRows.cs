using AgentLab.Core;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Triggers;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Workflows;

/// <summary>The rows of what starts published, active workflows.</summary>
internal static class WorkflowTriggerRows
{
    /// <summary>Makes the rows of a workflow agree with this definition; null takes them away. Returns why it cannot be; then nothing was changed.</summary>
    public static async Task<LabError?> SetAsync(LabDbContext context, WorkflowRow workflow, WorkflowDefinition? definition, CancellationToken cancellationToken)
    {
        var hooks = definition is null ? [] : Hooks(workflow, definition);
        foreach (var group in hooks.GroupBy(hook => hook.Slug, StringComparer.Ordinal))
        {
            var methods = group.Select(hook => hook.Method).ToList();
            var doubled = methods.Count != methods.Distinct(StringComparer.Ordinal).Count();
            var taken = await context.Set<WorkflowHookRow>()
                .FirstOrDefaultAsync(row => row.Slug == group.Key && methods.Contains(row.Method) && row.WorkflowKey != workflow.Key, cancellationToken);
            if (doubled || taken is not null)
            {
                return taken is not null
                    ? WorkflowFaults.HookTaken(taken.Method, taken.Slug)
                    : LabError.Invalid($"nodes.{group.Last().Node}.slug", $"Two webhook triggers have the address /hooks/{group.Key} for one method. Give one another address.");
            }
        }

        var events = definition is null ? [] : await EventsAsync(context, workflow, definition, cancellationToken);
        await context.Set<WorkflowHookRow>().Where(row => row.WorkflowKey == workflow.Key).ExecuteDeleteAsync(cancellationToken);
        await context.Set<WorkflowEventRow>().Where(row => row.WorkflowKey == workflow.Key).ExecuteDeleteAsync(cancellationToken);
        context.AddRange(hooks);
        context.AddRange(events);
        return null;
    }

    private static List<WorkflowHookRow> Hooks(WorkflowRow workflow, WorkflowDefinition definition) =>
    [
        .. from hook in WorkflowTriggerSettings.Webhooks(definition)
           from method in hook.Methods
           select new WorkflowHookRow { Method = method, Slug = hook.Slug, WorkflowKey = workflow.Key, Node = hook.Node },
    ];

    /// <summary>A trigger that names no workflow that its owner sees waits for none.</summary>
    private static async Task<List<WorkflowEventRow>> EventsAsync(
        LabDbContext context, WorkflowRow workflow, WorkflowDefinition definition, CancellationToken cancellationToken)
    {
        var rows = new List<WorkflowEventRow>();
        foreach (var trigger in WorkflowTriggerSettings.Events(definition))
        {
            var name = trigger.Workflow.ToLowerInvariant();
            var byId = Guid.TryParseExact(name, "D", out var id);
            var source = await context.Set<WorkflowRow>().Where(row => row.DeletedAt == null && (byId ? row.Id == id : row.Slug == name))
                .Where(row => row.PublishedVersion != null || row.OwnerId == workflow.OwnerId)
                .Select(row => (Guid?)row.Id).FirstOrDefaultAsync(cancellationToken);
            if (source is { } found)
            {
                rows.Add(new WorkflowEventRow
                {
                    WorkflowKey = workflow.Key,
                    Node = trigger.Node,
                    SourceId = found,
                    Statuses = string.Join(',', trigger.Statuses),
                });
            }
        }

        return rows;
    }
}

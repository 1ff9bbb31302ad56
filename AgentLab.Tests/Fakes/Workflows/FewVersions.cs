using System.Collections.Concurrent;
using AgentLab.Core;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Tests.Fakes.Workflows;

/// <summary>Published workflows that a test brings, by name.</summary>
internal sealed class FewVersions(Guid owner) : IWorkflowVersions
{
    private readonly ConcurrentDictionary<string, RunnableWorkflow> _all = new();

    public Guid Add(string slug, WorkflowDefinition definition)
    {
        var id = Guid.CreateVersion7();
        var workflow = new RunnableWorkflow(new WorkflowReference(id, 1, definition.Name), owner, DefaultProject.Id, true, definition);
        _all[slug] = workflow;
        _all[id.ToString("D")] = workflow;
        return id;
    }

    /// <summary>Loses a workflow, as if somebody had taken its rows away.</summary>
    public void Lose(string slug, Guid id)
    {
        _all.TryRemove(slug, out _);
        _all.TryRemove(id.ToString("D"), out _);
    }

    public ValueTask<WorkflowDefinition?> FindAsync(Guid workflow, int version, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_all.GetValueOrDefault(workflow.ToString("D"))?.Definition);

    public ValueTask<RunnableWorkflow?> ResolveAsync(string idOrSlug, int? version, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_all.GetValueOrDefault(idOrSlug));
}

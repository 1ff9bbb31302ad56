namespace AgentLab.Core.Workflows.Triggers;

/// <summary>The addresses by which published, active workflows are started; kept in memory, since every request to a hook asks.</summary>
public interface IWorkflowHooks
{
    /// <summary>What is behind this address; null when there is nothing, or nothing that is active.</summary>
    /// <param name="method">The request's method, in upper case.</param>
    /// <param name="slug">The address below <c>/hooks/</c>; its case does not matter.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    ValueTask<WorkflowHook?> FindAsync(string method, string slug, CancellationToken cancellationToken);

    /// <summary>The methods that an address takes; empty when there is none.</summary>
    ValueTask<IReadOnlyList<string>> MethodsAsync(string slug, CancellationToken cancellationToken);
}

/// <summary>An address that starts a workflow.</summary>
/// <param name="Workflow">The workflow.</param>
/// <param name="Version">Its published version.</param>
/// <param name="Node">The trigger's node.</param>
/// <param name="OwnerId">The workflow's owner, on whose behalf its runs work.</param>
public sealed record WorkflowHook(Guid Workflow, int Version, string Node, Guid OwnerId);

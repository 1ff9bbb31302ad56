using System.Collections.Concurrent;
using AgentLab.Core.Agents;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Workflows;

/// <summary>
/// Published versions, kept in memory once read: they never change. A deleted workflow's stay readable for the runs that keep them. Which version is the published one is kept too,
/// until something is published, switched or deleted here; another process's change is noticed within seconds.
/// </summary>
internal sealed class WorkflowVersions(LabDatabase database, TimeProvider clock) : IWorkflowVersions
{
    private const int Kept = 1000;
    private static readonly TimeSpan HeadKept = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(Guid Workflow, int Version), WorkflowDefinition> _versions = new();
    private readonly ConcurrentDictionary<string, Head> _heads = new(StringComparer.OrdinalIgnoreCase);
    private long _changes;

    /// <inheritdoc />
    public ValueTask<WorkflowDefinition?> FindAsync(Guid workflow, int version, CancellationToken cancellationToken) =>
        _versions.TryGetValue((workflow, version), out var known) ? ValueTask.FromResult<WorkflowDefinition?>(known) : ReadAsync(workflow, version, cancellationToken);

    /// <inheritdoc />
    public async ValueTask<RunnableWorkflow?> ResolveAsync(string idOrSlug, int? version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(idOrSlug);
        var head = _heads.TryGetValue(idOrSlug, out var known) && clock.GetElapsedTime(known.ReadAt) < HeadKept
            ? known
            : await ReadHeadAsync(idOrSlug, cancellationToken);
        if (head is null)
        {
            return null;
        }

        var wanted = version ?? head.PublishedVersion;
        var definition = wanted is { } number ? await FindAsync(head.Id, number, cancellationToken) : null;
        var reference = new WorkflowReference(head.Id, definition is null ? 0 : wanted!.Value, definition?.Name ?? head.Name);
        return new RunnableWorkflow(reference, head.OwnerId, head.ProjectId, head.Active, definition);
    }

    /// <summary>Something was published, switched or deleted in this process.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _changes);
        _heads.Clear();
    }

    private async ValueTask<WorkflowDefinition?> ReadAsync(Guid workflow, int version, CancellationToken cancellationToken)
    {
        var json = await database.ReadAsync(
            (context, token) => (
                from row in context.Set<WorkflowRow>()
                join saved in context.Set<WorkflowVersionRow>() on row.Key equals saved.WorkflowKey
                where row.Id == workflow && saved.Version == version
                select saved.Definition).FirstOrDefaultAsync(token),
            cancellationToken);
        if (json is null)
        {
            return null;
        }

        if (_versions.Count >= Kept)
        {
            _versions.Clear();
        }

        // The same object for everyone: what is compiled from a version is kept by it.
        return _versions.GetOrAdd((workflow, version), WorkflowText.Read(json));
    }

    private async ValueTask<Head?> ReadHeadAsync(string idOrSlug, CancellationToken cancellationToken)
    {
        var text = idOrSlug.ToLowerInvariant();
        var byId = Guid.TryParseExact(text, "D", out var id);
        if (!byId && !AgentSlug.IsSlug(text))
        {
            return null;
        }

        var changes = Interlocked.Read(ref _changes);
        var readAt = clock.GetTimestamp();
        var head = await database.ReadAsync(
            (context, token) => context.Set<WorkflowRow>().Where(row => row.DeletedAt == null && (byId ? row.Id == id : row.Slug == text))
                .Select(row => new Head(row.Id, row.Name, row.OwnerId, row.ProjectId, row.Active, row.PublishedVersion, readAt)).FirstOrDefaultAsync(token),
            cancellationToken);
        if (head is not null)
        {
            if (_heads.Count >= Kept)
            {
                _heads.Clear();
            }

            _heads[idOrSlug] = head;
            if (Interlocked.Read(ref _changes) != changes)
            {
                _heads.TryRemove(idOrSlug, out _);
            }
        }

        return head;
    }

    private sealed record Head(Guid Id, string Name, Guid OwnerId, Guid ProjectId, bool Active, int? PublishedVersion, long ReadAt);
}

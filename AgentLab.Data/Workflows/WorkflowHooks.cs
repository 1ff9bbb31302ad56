using AgentLab.Core.Workflows.Triggers;
using AgentLab.Data.Databases;
using AgentLab.Data.Sessions.Log;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Workflows;

/// <summary>The addresses that start published, active workflows, in memory.</summary>
internal sealed class WorkflowHooks(LabDatabase database, WorkflowEndWatch ends, TimeProvider clock) : IWorkflowHooks
{
    /// <summary>How long another process may take to notice a change; this one notices at once.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);

    private volatile Shelf? _shelf;
    private long _changes;

    /// <inheritdoc />
    public async ValueTask<WorkflowHook?> FindAsync(string method, string slug, CancellationToken cancellationToken) =>
        (await ShelfAsync(cancellationToken)).Hooks.TryGetValue(slug, out var hooks) ? hooks.GetValueOrDefault(method) : null;

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<string>> MethodsAsync(string slug, CancellationToken cancellationToken) =>
        (await ShelfAsync(cancellationToken)).Hooks.TryGetValue(slug, out var hooks) ? [.. hooks.Keys.Order(StringComparer.Ordinal)] : [];

    /// <summary>Whether any workflow is started by another one's runs.</summary>
    public async ValueTask<bool> HasEventsAsync(CancellationToken cancellationToken) => (await ShelfAsync(cancellationToken)).Events;

    /// <summary>Something changes, or has changed, in this process.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _changes);
        ends.On = true;
        _shelf = null;
    }

    private ValueTask<Shelf> ShelfAsync(CancellationToken cancellationToken) =>
        _shelf is { } shelf && clock.GetElapsedTime(shelf.ReadAt) < Kept ? ValueTask.FromResult(shelf) : ReadAsync(cancellationToken);

    private async ValueTask<Shelf> ReadAsync(CancellationToken cancellationToken)
    {
        var changes = Interlocked.Read(ref _changes);
        var readAt = clock.GetTimestamp();
        var shelf = await database.ReadAsync(
            async (context, token) =>
            {
                var rows = await (
                    from hook in context.Set<WorkflowHookRow>()
                    join row in context.Set<WorkflowRow>() on hook.WorkflowKey equals row.Key
                    where row.DeletedAt == null && row.Active && row.PublishedVersion != null
                    select new { hook.Slug, hook.Method, Hook = new WorkflowHook(row.Id, row.PublishedVersion!.Value, hook.Node, row.OwnerId) }).ToListAsync(token);
                var hooks = rows.GroupBy(row => row.Slug, StringComparer.OrdinalIgnoreCase).ToDictionary(
                    group => group.Key,
                    group => group.ToDictionary(row => row.Method, row => row.Hook, StringComparer.Ordinal),
                    StringComparer.OrdinalIgnoreCase);
                return new Shelf(hooks, await context.Set<WorkflowEventRow>().AnyAsync(token), readAt);
            },
            cancellationToken);
        if (Interlocked.Read(ref _changes) == changes)
        {
            _shelf = shelf;
            ends.On = shelf.Events;
        }

        return shelf;
    }

    private sealed record Shelf(Dictionary<string, Dictionary<string, WorkflowHook>> Hooks, bool Events, long ReadAt);
}

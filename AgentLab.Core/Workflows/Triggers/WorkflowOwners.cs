using System.Collections.Concurrent;
using AgentLab.Core.Identity;

namespace AgentLab.Core.Workflows.Triggers;

/// <summary>Asks the accounts, at most every half a minute for each owner: webhooks ask with every request.</summary>
internal sealed class WorkflowOwners(IAccounts accounts, TimeProvider clock) : IWorkflowOwners
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);
    private static readonly Actor Instance = new(Guid.Empty, ActorRole.Editor);

    private readonly ConcurrentDictionary<Guid, (Actor? Actor, long ReadAt)> _known = new();

    /// <inheritdoc />
    public ValueTask<Actor?> FindAsync(Guid owner, CancellationToken cancellationToken)
    {
        if (owner == Guid.Empty)
        {
            return ValueTask.FromResult<Actor?>(Instance);
        }

        return _known.TryGetValue(owner, out var known) && clock.GetElapsedTime(known.ReadAt) < Kept
            ? ValueTask.FromResult(known.Actor)
            : ReadAsync(owner, cancellationToken);
    }

    private async ValueTask<Actor?> ReadAsync(Guid owner, CancellationToken cancellationToken)
    {
        var readAt = clock.GetTimestamp();
        var account = await accounts.FindAsync(owner, cancellationToken);
        var actor = account is { Enabled: true } ? new Actor(account.Id, account.Role) : null;
        _known[owner] = (actor, readAt);
        return actor;
    }
}

namespace AgentLab.Core.Agents.Runs.Leases;

/// <summary>This process's lease: whether it may still act for what it owns.</summary>
public interface INodeLease
{
    /// <summary>The id under which it owns now, as it stands in rows. It changes when a lease was lost.</summary>
    string NodeId { get; }

    /// <summary>
    /// Whether the lease is certainly not over yet, by this process's own measure of the time since the newest renewal was asked for. Never true when another node may have
    /// taken what it owns.
    /// </summary>
    bool Held { get; }

    /// <summary>Completes as soon as the lease is held: at once as a rule, after the next renewal when the database was away.</summary>
    ValueTask HoldAsync(CancellationToken cancellationToken);
}

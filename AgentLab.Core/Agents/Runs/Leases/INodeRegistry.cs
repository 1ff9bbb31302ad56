namespace AgentLab.Core.Agents.Runs.Leases;

/// <summary>
/// The leases of the nodes that serve the database, one row each. A node owns the runs that carry its id for as long as its row stands; renewing the row renews all of them at once.
/// All times are the database's own, so that differences between the nodes' clocks play no part.
/// </summary>
public interface INodeRegistry
{
    /// <summary>Whether other processes may serve the same database. On SQLite none can: the lock of the data directory keeps them out, and a lease never ends.</summary>
    bool Shared { get; }

    /// <summary>Enters a node under an id that was never used before. On SQLite every earlier node is struck out with it: it cannot be alive.</summary>
    ValueTask RegisterAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Renews a node's lease from the database's present time on, also a late one as long as nobody has struck it out. False when its row is gone: then its runs are free, and it
    /// may act for none of them any more.
    /// </summary>
    ValueTask<bool> RenewAsync(string id, CancellationToken cancellationToken);

    /// <summary>Gives a node's lease up: its runs are free from now on.</summary>
    ValueTask RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Strikes out the nodes whose lease is over, for good. Returns how many they were.</summary>
    ValueTask<int> RemoveExpiredAsync(CancellationToken cancellationToken);

    /// <summary>The nodes that are entered, the oldest first.</summary>
    ValueTask<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>A node that serves the database.</summary>
/// <param name="Id">Its id, as it stands in the rows of its runs.</param>
/// <param name="Name">Its name.</param>
/// <param name="StartedAt">When it was entered, by the database's clock.</param>
/// <param name="LeaseUntil">When its lease ends unless it is renewed, by the database's clock.</param>
public sealed record NodeEntry(string Id, string Name, DateTimeOffset StartedAt, DateTimeOffset LeaseUntil);

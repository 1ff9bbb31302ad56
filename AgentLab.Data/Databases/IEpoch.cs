namespace AgentLab.Data.Databases;

/// <summary>The present history of the database. A position (epoch, sequence) of another epoch must be answered with a resync.</summary>
public interface IEpoch
{
    /// <summary>The epoch; random, changes only when a backup was restored.</summary>
    /// <exception cref="InvalidOperationException">The database was not started yet.</exception>
    string Current { get; }

    /// <summary>
    /// Begins a new epoch: every viewer starts over from what the database now holds. For whoever restored a backup of PostgreSQL or
    /// SQL Server; other nodes follow within 10 s. On SQLite a restored file is noticed at start.
    /// </summary>
    Task RenewAsync(CancellationToken cancellationToken);
}

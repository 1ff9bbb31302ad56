using System.Data.Common;

namespace AgentLab.Data.Databases;

/// <summary>Open connections for hand-written SQL. The caller disposes them.</summary>
public interface ILabConnections
{
    /// <summary>Which database this is, for the SQL that differs.</summary>
    DatabaseKind Kind { get; }

    /// <summary>Opens a connection for reading. On SQLite it refuses every write.</summary>
    ValueTask<DbConnection> OpenReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Opens a connection for writing. On SQLite it may be used only while holding a lease of <see cref="WriteGate"/>.
    /// </summary>
    ValueTask<DbConnection> OpenWriteAsync(CancellationToken cancellationToken);

    /// <summary>Opens a connection for writing that is not of the pool: for what must not wait until the program is less busy.</summary>
    ValueTask<DbConnection> OpenOwnAsync(CancellationToken cancellationToken) => OpenWriteAsync(cancellationToken);

    /// <summary>
    /// Moves the write-ahead log into the database file once it has grown past about 16 MB; otherwise next to free. Call it after
    /// a commit, still inside the gate, with the connection that committed. Does nothing on PostgreSQL and SQL Server. A fault of the
    /// database does not leave it, since the commit has taken effect by then.
    /// </summary>
    void AfterCommit(DbConnection writer);
}

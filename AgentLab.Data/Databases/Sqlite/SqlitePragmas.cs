using System.Data.Common;

namespace AgentLab.Data.Databases.Sqlite;

/// <summary>What every connection to agentlab.db is told when it opens.</summary>
internal static class SqlitePragmas
{
    /// <remarks>
    /// Automatic checkpoints are off everywhere: <see cref="WalCheckpoint"/> makes them inside the gate, after the commit was
    /// acknowledged. A pooled connection keeps the settings of its last use, so each opening says all of them again.
    /// </remarks>
    public static void Apply(DbConnection connection, bool writable) => Execute(
        connection,
        "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0; PRAGMA query_only="
        + (writable ? "0;" : "1;"));

    public static void AllowWrites(DbConnection connection, bool allow) =>
        Execute(connection, allow ? "PRAGMA query_only=0;" : "PRAGMA query_only=1;");

    public static void Execute(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

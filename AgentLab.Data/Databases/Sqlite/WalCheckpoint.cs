using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AgentLab.Data.Databases.Sqlite;

/// <summary>
/// Counts the pages written to the write-ahead log and moves them into the database file past a bound. Used only inside the
/// write gate, which makes it single-threaded.
/// </summary>
internal sealed class WalCheckpoint
{
    /// <summary>
    /// 16 MB at the page size of 4 KB. A checkpoint writes each page once however often it changed, so that a larger bound writes less; a smaller one makes shorter pauses.
    /// At 4,096 pages it takes some 6 ms for every 120 commits of 50 appends; at 1,024 it took twice the share of the writer's time.
    /// </summary>
    public const int Pages = 4096;

    /// <summary>How much more must be written before a checkpoint that readers held up is tried again.</summary>
    private const int Step = 256;

    // SQLITE_DBSTATUS_CACHE_WRITE: pages that this connection has written, in WAL mode to the log.
    private const int CacheWrite = 9;

    private int _pending;
    private int _bound = Pages;

    public void AfterCommit(SqliteConnection connection)
    {
        if (raw.sqlite3_db_status(SqliteHandle.Of(connection), CacheWrite, out var written, out _, 1) == raw.SQLITE_OK)
        {
            _pending += written;
        }

        if (_pending >= _bound)
        {
            Checkpoint(connection);
        }
    }

    private void Checkpoint(SqliteConnection connection)
    {
        try
        {
            var (log, moved) = Move(connection);

            // A reader on an old snapshot holds back the rest; it is tried again after a little more, not at every commit.
            _pending = Math.Max(log - moved, 0);
        }
        catch (SqliteException)
        {
            // The disk is full or failing. The commit before this stands in the log all the same: were this to look like its failure, it would be made twice.
        }

        _bound = Math.Max(Pages, _pending + Step);
    }

    private static (int Log, int Moved) Move(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(PASSIVE);";
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt32(1), reader.GetInt32(2));
    }
}

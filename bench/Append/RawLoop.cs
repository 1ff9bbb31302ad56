using System.Diagnostics;
using AgentLab.Bench.Storage;
using Microsoft.Data.Sqlite;

namespace AgentLab.Bench.Append;

/// <summary>The least that must be done: a loop over prepared statements that writes rows which are finished already.</summary>
internal sealed class RawLoop : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _update;
    private readonly SqliteCommand _commit;
    private readonly long[] _keys;
    private readonly RecordedRow?[] _last;

    public RawLoop(string file, int sessions)
    {
        _connection = RawSqlite.Open(file);
        _keys = Keys(sessions);
        _last = new RecordedRow?[sessions];
        _begin = RawSqlite.Prepare(_connection, "BEGIN IMMEDIATE", 0);
        _insert = RawSqlite.Prepare(
            _connection,
            "INSERT INTO session_events (session_key, sequence, append_id, run_id, step_id, attempt, type, v, at, data, hash) "
            + "VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)",
            11);
        _update = RawSqlite.Prepare(
            _connection,
            "UPDATE sessions SET head = @p1, head_hash = @p2 WHERE row_key = @p0",
            3);
        _commit = RawSqlite.Prepare(_connection, "COMMIT", 0);
    }

    /// <summary>Writes recorded commits into a fresh file, in transactions of at most <paramref name="most"/> events, until they or the time end.</summary>
    /// <returns>Events a second, and microseconds of CPU an event.</returns>
    public static async Task<(double Rate, double Cpu)> ReplayAsync(
        LabStorage storage, RecordedRun recorded, int sessions, int most, TimeSpan limit, CancellationToken cancellationToken)
    {
        await storage.CreateSessionsAsync(sessions, cancellationToken);
        using var loop = new RawLoop(storage.File, sessions);
        var (cpu, clock) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        var events = loop.Write(recorded.Commits, most, limit, cancellationToken);
        return (events / clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / events);
    }

    /// <summary>One transaction: the rows, then the head of each session in it.</summary>
    public void Write(ReadOnlySpan<RecordedRow> rows)
    {
        _begin.ExecuteNonQuery();
        foreach (var row in rows)
        {
            Insert(row);
            _last[row.Session] = row;
        }

        for (var i = 0; i < _last.Length; i++)
        {
            if (_last[i] is { } last)
            {
                Update(last);
                _last[i] = null;
            }
        }

        _commit.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var command in new[] { _begin, _insert, _update, _commit })
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private int Write(IReadOnlyList<RecordedRow[]> commits, int most, TimeSpan limit, CancellationToken cancellationToken)
    {
        var events = 0;
        var clock = Stopwatch.StartNew();
        foreach (var commit in commits)
        {
            for (var start = 0; start < commit.Length; start += most)
            {
                var rows = commit.AsSpan(start, Math.Min(most, commit.Length - start));
                Write(rows);
                events += rows.Length;
                if (clock.Elapsed > limit)
                {
                    return events;
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
        }

        return events;
    }

    private void Insert(RecordedRow row)
    {
        var values = _insert.Parameters;
        values[0].Value = _keys[row.Session];
        values[1].Value = row.Sequence;
        for (var i = 0; i < row.Values.Length; i++)
        {
            values[i + 2].Value = row.Values[i];
        }

        _insert.ExecuteNonQuery();
    }

    private void Update(RecordedRow row)
    {
        var values = _update.Parameters;
        values[0].Value = _keys[row.Session];
        values[1].Value = row.Sequence;
        values[2].Value = row.Hash;
        _update.ExecuteNonQuery();
    }

    private long[] Keys(int sessions)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT row_key FROM sessions ORDER BY row_key";
        using var reader = command.ExecuteReader();
        var keys = new long[sessions];
        for (var i = 0; reader.Read(); i++)
        {
            keys[i] = reader.GetInt64(0);
        }

        return keys;
    }
}

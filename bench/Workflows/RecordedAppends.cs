using AgentLab.Data.Databases;
using Microsoft.Data.Sqlite;

namespace AgentLab.Bench.Workflows;

/// <summary>The rows that one run wrote, append by append: what the bare endpoint writes for each of its requests.</summary>
internal sealed record RecordedAppends(RowShape Session, RowShape Run, IReadOnlyList<IReadOnlyList<RowShape>> Appends)
{
    public int Events => Appends.Sum(append => append.Count);

    /// <summary>Reads the newest run that ended.</summary>
    public static async Task<RecordedAppends> ReadAsync(ILabConnections connections, CancellationToken cancellationToken)
    {
        await using var connection = (SqliteConnection)await connections.OpenReadAsync(cancellationToken);
        var run = Rows(connection, "SELECT * FROM runs WHERE ended_at IS NOT NULL ORDER BY row_key DESC LIMIT 1").Single();
        var key = run.Values[Array.IndexOf(run.Columns, "session_key")];
        var session = Rows(connection, $"SELECT * FROM sessions WHERE row_key = {key}").Single();
        var events = Rows(connection, $"SELECT * FROM session_events WHERE session_key = {key} ORDER BY sequence");
        var append = Array.IndexOf(events[0].Columns, "append_id");
        var appends = new List<List<RowShape>>();
        foreach (var row in events)
        {
            if (appends.Count == 0 || !Equals(appends[^1][0].Values[append], row.Values[append]))
            {
                appends.Add([]);
            }

            appends[^1].Add(row);
        }

        return new RecordedAppends(session, run, [.. appends.Select(list => (IReadOnlyList<RowShape>)list)]);
    }

    private static List<RowShape> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
        var rows = new List<RowShape>();
        while (reader.Read())
        {
            var values = new object[columns.Length];
            reader.GetValues(values);
            rows.Add(new RowShape(columns, values));
        }

        return rows;
    }
}

/// <summary>A row as the database has it.</summary>
internal sealed record RowShape(string[] Columns, object[] Values);

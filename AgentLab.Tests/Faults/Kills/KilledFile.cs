using System.Globalization;
using AgentLab.Data.Databases.Sqlite;
using AgentLab.Tests.Api.Streams;
using Microsoft.Data.Sqlite;

namespace AgentLab.Tests.Faults.Kills;

/// <summary>The database of a process that was killed, read from its file.</summary>
internal sealed class KilledFile : IDisposable
{
    private readonly SqliteConnection _connection;

    public KilledFile(string file)
    {
        SqliteLibrary.Version().ShouldNotBeEmpty();
        _connection = new SqliteConnection($"Data Source={file};Pooling=false");
        _connection.Open();
    }

    /// <summary>Sound, with these sessions and no other, and nothing under way.</summary>
    public void Check(IEnumerable<string> sessions)
    {
        Rows("PRAGMA integrity_check", r => r.GetString(0)).ShouldBe(["ok"]);
        Rows("SELECT id FROM sessions", r => r.GetString(0)).ShouldBe(sessions, ignoreOrder: true);
        Rows("SELECT count(*) FROM sessions WHERE active_run_id IS NOT NULL", r => r.GetInt64(0)).ShouldBe([0L]);
    }

    /// <summary>The hashes of a session's events, in order.</summary>
    public List<byte[]> Hashes(string session) => Rows(
        string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT e.hash FROM session_events e JOIN sessions s ON s.row_key = e.session_key WHERE s.id = '{session}' ORDER BY e.sequence"),
        r => r.GetFieldValue<byte[]>(0));

    public List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>The whole log of a session from a living process, each event in the bytes that a viewer gets.</summary>
    public static async Task<List<string>> ServedAsync(HttpClient client, string id)
    {
        var events = new List<string>();
        var head = long.MaxValue;
        await foreach (var e in EventStreamClient.ReadAsync(client, EventStreamClient.Request(id), CancellationToken.None))
        {
            if (e.Name == "open")
            {
                head = e.Json.GetProperty("head").GetInt64();
            }
            else if (e.Name == "message")
            {
                events.Add(e.Data);
            }

            if (events.Count >= head)
            {
                break;
            }
        }

        return events;
    }
}

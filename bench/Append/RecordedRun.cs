using AgentLab.Bench.Storage;
using Microsoft.Data.Sqlite;

namespace AgentLab.Bench.Append;

/// <summary>One row of <c>session_events</c>, ready to be bound.</summary>
/// <param name="Session">Which of the run's sessions, from 0.</param>
/// <param name="Sequence">Its number.</param>
/// <param name="Values">The columns after session_key and sequence, in their order.</param>
internal sealed record RecordedRow(int Session, long Sequence, object[] Values)
{
    public byte[] Hash => (byte[])Values[^1];
}

/// <summary>What a run wrote, commit by commit. All events of one commit bear the same time, so that the log itself tells its batches.</summary>
internal sealed record RecordedRun(IReadOnlyList<RecordedRow[]> Commits, int Events)
{
    public double EventsPerCommit => (double)Events / Commits.Count;

    /// <summary>An insert for each event, an update for each session in a commit, BEGIN and COMMIT.</summary>
    public double StatementsPerEvent =>
        Commits.Sum(c => c.Length + c.Select(r => r.Session).Distinct().Count() + 2.0) / Events;

    public static async Task<RecordedRun> ReadAsync(LabStorage storage, CancellationToken cancellationToken)
    {
        await using var connection = (SqliteConnection)await storage.Connections.OpenReadAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT session_key, sequence, append_id, run_id, step_id, attempt, type, v, at, data, hash FROM session_events "
            + "WHERE type = 'model.delta' ORDER BY at, session_key, sequence";
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var sessions = new Dictionary<long, int>();
        var commits = new List<RecordedRow[]>();
        var open = new List<RecordedRow>();
        var events = 0;
        while (await row.ReadAsync(cancellationToken))
        {
            var values = new object[11];
            row.GetValues(values);
            if (open.Count > 0 && !Equals(open[0].Values[6], values[8]))
            {
                commits.Add([.. open]);
                open.Clear();
            }

            var key = (long)values[0];
            sessions.TryAdd(key, sessions.Count);
            open.Add(new RecordedRow(sessions[key], (long)values[1], values[2..]));
            events++;
        }

        commits.Add([.. open]);
        return new RecordedRun(commits, events);
    }
}

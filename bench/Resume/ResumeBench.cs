using System.Diagnostics;
using AgentLab.Bench.Fanout;
using AgentLab.Bench.Measure;
using AgentLab.Bench.Storage;
using AgentLab.Core.Sessions;
using Microsoft.Data.Sqlite;

namespace AgentLab.Bench.Resume;

/// <summary>A program that starts over a run with many recorded steps: how long until the run's next step is on record, beside reading the rows alone.</summary>
internal static class ResumeBench
{
    private static readonly int[] Steps = [100, 1000];

    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var figures = new List<Figure>();
        foreach (var steps in Steps)
        {
            figures.AddRange(await MeasureAsync(options, steps, cancellationToken));
        }

        return new BenchResult("resume", options.Rounds, options.Seconds, figures)
        {
            Notes =
            [
                "A run of model calls that each ask for a tool, every step recorded, 10 streamed parts a call. The program is stopped and started again on its database; the time runs from the commit of `run.resumed` to the commit of the next step's start: reading, folding, making the prompt, one append.",
                "Reading the rows: one query over the session's events by Microsoft.Data.Sqlite, every column of every row, streamed parts included.",
            ],
        }.Publish(options);
    }

    private static async Task<IEnumerable<Figure>> MeasureAsync(BenchOptions options, int steps, CancellationToken cancellationToken)
    {
        var (resumed, raw) = (new List<double>(), new List<double>());
        long events = 0;
        for (var i = 0; i <= options.Rounds; i++)
        {
            await using var folder = new BenchFolder(options);
            SessionId session;
            await using (var first = await LabServer.StartAsync(folder, cancellationToken))
            {
                (session, events) = await LongRun.WriteAsync(first.Services, steps, cancellationToken);
            }

            await using var second = await LabServer.StartAsync(folder, cancellationToken);
            await LongRun.HeadAsync(second.Services, session, events + 2, cancellationToken);
            var took = Stopwatch.GetElapsedTime(second.Commits.Of(session, events + 1), second.Commits.Of(session, events + 2)).TotalMilliseconds;
            var read = ReadRows(Path.Combine(folder.Path, "agentlab.db"), session, events);
            Console.Error.WriteLine($"{steps} steps, {events} events: resumed in {took:0.0} ms, raw rows {read:0.0} ms");
            if (i > 0)
            {
                // The first compiles what the others use.
                resumed.Add(took);
                raw.Add(read);
            }
        }

        return [Figure.Beside($"a run of {steps} steps ({events:#,0} events) goes on", "ms", resumed, "reading the raw rows", raw)];
    }

    private static double ReadRows(string file, SessionId session, long events)
    {
        using var connection = RawSqlite.Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT e.* FROM session_events e JOIN sessions s ON s.row_key = e.session_key WHERE s.id = @id ORDER BY e.sequence";
        command.Parameters.Add(new SqliteParameter("@id", session.Value));
        var clock = Stopwatch.StartNew();
        using var row = command.ExecuteReader();
        var values = new object[row.FieldCount];
        long read = 0;
        for (; read < events && row.Read(); read++)
        {
            row.GetValues(values);
        }

        return read == events ? clock.Elapsed.TotalMilliseconds : throw new InvalidOperationException($"Only {read} of {events} rows are there.");
    }
}

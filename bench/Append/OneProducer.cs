using System.Diagnostics;
using AgentLab.Bench.Measure;
using AgentLab.Bench.Storage;
using AgentLab.Core.Sessions;

namespace AgentLab.Bench.Append;

/// <summary>A lone producer: what one durable event costs it, beside a transaction of one row written by hand. The two take turns every few events.</summary>
internal static class OneProducer
{
    private const int Turn = 50;

    /// <summary>Commits of each before measuring: past the first turn of the write-ahead log, whose growth costs more than its reuse.</summary>
    private const int WarmUp = 500;

    public static async Task<IEnumerable<Figure>> MeasureAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var ours = new List<double[]>();
        var raw = new List<double[]>();
        for (var i = 0; i <= options.Rounds; i++)
        {
            var (mine, theirs) = await RoundAsync(options, cancellationToken);
            Console.Error.WriteLine($"one producer: p50 {Quantiles.Median(mine):0.000} ms, raw {Quantiles.Median(theirs):0.000} ms, {mine.Length} commits");
            if (i > 0)
            {
                ours.Add(mine);
                raw.Add(theirs);
            }
        }

        double[] Each(List<double[]> rounds, double quantile) => [.. rounds.Select(r => Quantiles.At(r, quantile))];
        return
        [
            Figure.Beside("one producer: commit p50", "ms", Each(ours, 0.5), "raw transaction of one row", Each(raw, 0.5)) with { Target = 1.5, AtMost = true },
            Figure.Beside("one producer: commit p99", "ms", Each(ours, 0.99), "raw transaction of one row", Each(raw, 0.99)),
        ];
    }

    private static async Task<(double[] Ours, double[] Raw)> RoundAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        await using var mine = await LabStorage.StartAsync(options, cancellationToken);
        await using var other = await LabStorage.StartAsync(options, cancellationToken);
        var (session, run) = (await mine.CreateSessionsAsync(1, cancellationToken))[0];
        await other.CreateSessionsAsync(1, cancellationToken);
        using var loop = new RawLoop(other.File, 1);
        var rows = await RowsAsync(mine, session, run, cancellationToken);
        for (var i = 0; i < WarmUp; i++)
        {
            await AppendAsync(mine.Log, session, run, cancellationToken);
            var row = rows with { Sequence = 4 + i };
            loop.Write(new ReadOnlySpan<RecordedRow>(in row));
        }

        var (ours, raw) = (new List<double>(), new List<double>());
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < options.Stretch * 2;)
        {
            for (var i = 0; i < Turn; i++)
            {
                var start = Stopwatch.GetTimestamp();
                await AppendAsync(mine.Log, session, run, cancellationToken);
                ours.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            for (var i = 0; i < Turn; i++)
            {
                var row = rows with { Sequence = 4 + WarmUp + raw.Count };
                var start = Stopwatch.GetTimestamp();
                loop.Write(new ReadOnlySpan<RecordedRow>(in row));
                raw.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        return ([.. ours], [.. raw]);
    }

    /// <summary>A row as our log writes it.</summary>
    private static async Task<RecordedRow> RowsAsync(LabStorage storage, SessionId session, RunId run, CancellationToken cancellationToken)
    {
        await AppendAsync(storage.Log, session, run, cancellationToken);
        return (await RecordedRun.ReadAsync(storage, cancellationToken)).Commits[0][0];
    }

    private static async Task AppendAsync(ISessionLog log, SessionId session, RunId run, CancellationToken cancellationToken) =>
        await log.AppendAsync((session, run), [new NewEvent(ProducersRun.Delta, run, "run/model[1]", 1)], cancellationToken);
}

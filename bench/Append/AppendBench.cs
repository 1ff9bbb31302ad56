using AgentLab.Bench.Measure;

namespace AgentLab.Bench.Append;

/// <summary>How fast events become durable, beside the same rows written by hand.</summary>
internal static class AppendBench
{
    private const int Producers = 64;

    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var figures = new List<Figure>();
        foreach (var sessions in new[] { Producers, 1 })
        {
            var part = sessions == 1 ? "64 producers, one session" : "64 producers, 64 sessions";
            if (options.Wants(part))
            {
                figures.AddRange(await ManyAsync(options, part, sessions, cancellationToken));
            }
        }

        if (options.Wants("one producer"))
        {
            figures.AddRange(await OneProducer.MeasureAsync(options, cancellationToken));
        }

        return new BenchResult("append", options.Rounds, options.Seconds, figures)
        {
            Notes =
            [
                "SQLite, WAL, `synchronous=FULL`, a real file. One event an append (a `model.delta` of 80 characters), every producer awaits its append before the next.",
                "The raw loop is given the finished rows (encoding and hashes are not in its time) and replays our commits: the same rows and heads in transactions of the same sizes, by prepared statements of Microsoft.Data.Sqlite.",
                "On a machine that is busy with other things the rates favour AgentLab, whose producers and writer are several threads to the scheduler and the loop is one; CPU an event does not. AgentLab's holds the producers, the encoding and the hashes; the loop's holds none.",
                "One transaction an event: the same statements, one thread, a commit after each event.",
            ],
        }.Publish(options);
    }

    private static async Task<IEnumerable<Figure>> ManyAsync(BenchOptions options, string part, int sessions, CancellationToken cancellationToken)
    {
        var rounds = new List<Round>();
        for (var i = 0; i <= options.Rounds; i++)
        {
            var round = await RoundAsync(options, sessions, cancellationToken);
            Console.Error.WriteLine($"{part}: {round.Ours.Rate:0} events/s, raw {round.Raw:0}, single {round.Single:0}");
            if (i > 0)
            {
                // The first only warms up.
                rounds.Add(round);
            }
        }

        double[] Each(Func<Round, double> value) => [.. rounds.Select(value)];
        var rates = Each(r => r.Ours.Rate);
        return
        [
            Figure.Beside($"append: {part}", "events/s", rates, "raw loop, same batches", Each(r => r.Raw)) with { Target = 0.5 },
            Figure.Beside($"append: {part}", "events/s", rates, "one transaction an event", Each(r => r.Single)) with { Target = 6 },
            Figure.Beside($"{part}: CPU an event", "us", Each(r => r.Ours.Cpu), "raw loop, same batches", Each(r => r.RawCpu)),
            Figure.Of($"{part}: append p50", "ms", Each(r => r.Ours.P50)),
            Figure.Of($"{part}: append p99", "ms", Each(r => r.Ours.P99)),
            Figure.Of($"{part}: events a commit", string.Empty, Each(r => r.EventsPerCommit)),
            Figure.Of($"{part}: statements an event", string.Empty, Each(r => r.StatementsPerEvent)),
            Figure.Of($"{part}: allocated an event", "bytes", Each(r => r.Ours.Allocated)),
            Figure.Of($"{part}: file an event", "bytes", Each(r => r.FileBytes)),
        ];
    }

    private static async Task<Round> RoundAsync(BenchOptions options, int sessions, CancellationToken cancellationToken)
    {
        ProducersRun ours;
        RecordedRun recorded;
        double fileBytes;
        await using (var storage = await Storage.LabStorage.StartAsync(options, cancellationToken))
        {
            ours = await ProducersRun.MeasureAsync(storage, Producers, sessions, options.Stretch, cancellationToken);
            recorded = await RecordedRun.ReadAsync(storage, cancellationToken);
            fileBytes = (double)new FileInfo(storage.File).Length / recorded.Events;
        }

        (double Rate, double Cpu) raw;
        await using (var storage = await Storage.LabStorage.StartAsync(options, cancellationToken))
        {
            raw = await RawLoop.ReplayAsync(storage, recorded, sessions, int.MaxValue, options.Stretch * 4, cancellationToken);
        }

        await using (var storage = await Storage.LabStorage.StartAsync(options, cancellationToken))
        {
            var single = await RawLoop.ReplayAsync(storage, recorded, sessions, 1, options.Stretch, cancellationToken);
            return new Round(ours, raw.Rate, raw.Cpu, single.Rate, recorded.EventsPerCommit, recorded.StatementsPerEvent, fileBytes);
        }
    }

    private sealed record Round(ProducersRun Ours, double Raw, double RawCpu, double Single, double EventsPerCommit, double StatementsPerEvent, double FileBytes);
}

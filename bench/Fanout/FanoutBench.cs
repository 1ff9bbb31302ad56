using AgentLab.Bench.Measure;
using AgentLab.Bench.Storage;
using AgentLab.Bench.Viewers;

namespace AgentLab.Bench.Fanout;

/// <summary>How fast committed events reach many viewers of one session, beside a server that only writes the same bytes.</summary>
internal static class FanoutBench
{
    private const int Viewers = 500;
    private const int Pace = 40;
    private const int OthersThanStalled = 200;

    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        await using var folder = new BenchFolder(options);
        await using var lab = await LabServer.StartAsync(folder, cancellationToken);
        await using var bare = await BareServer.StartAsync(null, cancellationToken);
        var figures = new List<Figure>();
        foreach (var hub in new[] { false, true })
        {
            var way = hub ? "hub" : "server-sent events";
            if (options.Wants($"{way} flood"))
            {
                figures.AddRange(await FloodAsync(options, lab, bare, hub, way, cancellationToken));
            }

            if (options.Wants($"{way} steady"))
            {
                figures.AddRange(await SteadyAsync(options, lab, bare, hub, way, cancellationToken));
            }
        }

        if (options.Wants("stalled"))
        {
            figures.AddRange(await StalledViewer.MeasureAsync(options, lab, OthersThanStalled, Pace, cancellationToken));
        }

        return new BenchResult("fanout", options.Rounds, options.Seconds, figures)
        {
            Notes =
            [
                $"{Viewers} viewers of one session, in a process of their own on the same cores. AgentLab is the whole program (sign-in, limits, log on SQLite with `synchronous=FULL`); the bare server is Kestrel with an endpoint and a hub that write the same bytes from memory, after the same append to the same log: both wait for the same disk.",
                "Flood: appends of 4 events of 80 characters; a new one is made as soon as at most one is under way to any viewer.",
                $"Steady: {Pace} single events a second. The time runs from the return of COMMIT (bare: from publishing) to the receipt in the viewers' process.",
                "Held for a stalled viewer: what the managed heap grew by, after a full collection, while one viewer of 200 did not read 30 KB events and the others did. A figure near or below zero says that the heap moves by more than that viewer holds.",
                "Server CPU is the CPU time of the server's process alone, divided by deliveries: it says more than the rate on a machine that is busy with other things.",
            ],
        }.Publish(options);
    }

    private static async Task<IEnumerable<Figure>> FloodAsync(
        BenchOptions options, LabServer lab, BareServer bare, bool hub, string way, CancellationToken cancellationToken)
    {
        var (ours, theirs) = (new List<Throughput>(), new List<Throughput>());
        for (var i = 0; i <= options.Rounds; i++)
        {
            ours.Add(await OneAsync(await LabSubject.CreateAsync(lab, cancellationToken), hub, Run, cancellationToken));
            theirs.Add(await OneAsync(await BareSubject.CreateAsync(bare, lab, cancellationToken), hub, Run, cancellationToken));
            Console.Error.WriteLine($"{way} flood: {ours[^1]}; bare {theirs[^1]}");
        }

        DropFirst(ours, theirs);

        double[] Mine(Func<Throughput, double> value) => [.. ours.Select(value)];
        double[] Bare(Func<Throughput, double> value) => [.. theirs.Select(value)];
        var against = hub ? "bare hub" : "bare Kestrel endpoint";
        return
        [
            Figure.Beside($"{way}: {Viewers} viewers", "deliveries/s", Mine(t => t.Rate), against, Bare(t => t.Rate)) with { Target = hub ? 0.5 : 0.6 },
            Figure.Beside($"{way}: server CPU a delivery", "us", Mine(t => t.ServerMicroseconds), against, Bare(t => t.ServerMicroseconds)),
            Figure.Beside($"{way}: allocated a delivery", "bytes", Mine(t => t.Allocated), against, Bare(t => t.Allocated)),
        ];

        Task<Throughput> Run(IFanoutSubject subject, ViewerProcess viewers) =>
            FanoutRuns.FloodAsync(subject, viewers, Viewers, options.Stretch, cancellationToken);
    }

    private static async Task<IEnumerable<Figure>> SteadyAsync(
        BenchOptions options, LabServer lab, BareServer bare, bool hub, string way, CancellationToken cancellationToken)
    {
        var (ours, theirs) = (new List<Latency>(), new List<Latency>());
        for (var i = 0; i <= options.Rounds; i++)
        {
            ours.Add(await OneAsync(await LabSubject.CreateAsync(lab, cancellationToken), hub, Run, cancellationToken));
            theirs.Add(await OneAsync(await BareSubject.CreateAsync(bare, lab, cancellationToken), hub, Run, cancellationToken));
            Console.Error.WriteLine($"{way} steady: {ours[^1]}; bare {theirs[^1]}");
        }

        DropFirst(ours, theirs);

        double[] Mine(Func<Latency, double> value) => [.. ours.Select(value)];
        double[] Bare(Func<Latency, double> value) => [.. theirs.Select(value)];
        var name = $"{way}: {Viewers} x {Pace} events/s, commit to receipt";
        var against = hub ? "bare hub" : "bare Kestrel endpoint";
        var p50 = Figure.Beside($"{name} p50", "ms", Mine(l => l.P50), against, Bare(l => l.P50));
        var p99 = Figure.Beside($"{name} p99", "ms", Mine(l => l.P99), against, Bare(l => l.P99));
        return hub ? [p50, p99] : [p50 with { Limit = 15, AtMost = true }, p99 with { Limit = 120, AtMost = true }];

        Task<Latency> Run(IFanoutSubject subject, ViewerProcess viewers) =>
            FanoutRuns.SteadyAsync(subject, viewers, Pace, options.Stretch, cancellationToken);
    }

    /// <summary>The first round compiles what the others use.</summary>
    private static void DropFirst<T>(List<T> ours, List<T> theirs)
    {
        ours.RemoveAt(0);
        theirs.RemoveAt(0);
    }

    private static async Task<T> OneAsync<T>(
        IFanoutSubject subject, bool hub, Func<IFanoutSubject, ViewerProcess, Task<T>> run, CancellationToken cancellationToken)
    {
        await using var viewers = await ViewerProcess.StartAsync(subject.Target(Viewers, hub), cancellationToken);
        return await run(subject, viewers);
    }
}

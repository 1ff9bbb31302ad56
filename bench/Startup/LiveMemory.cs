using AgentLab.Bench.Fanout;
using AgentLab.Bench.Measure;
using AgentLab.Bench.Storage;
using AgentLab.Bench.Viewers;

namespace AgentLab.Bench.Startup;

/// <summary>
/// What a waiting viewer holds alive, beside a connection of a server that does nothing else: both servers in this process, one after the other, and the
/// managed heap after full collections. Garbage that no collection has taken yet, which resident memory counts too, is not in it.
/// </summary>
internal static class LiveMemory
{
    private const int Warm = 50;
    private static readonly TimeSpan PoolsSettle = TimeSpan.FromSeconds(8);

    public static async Task<IEnumerable<Figure>> MeasureAsync(BenchOptions options, int viewers, CancellationToken cancellationToken)
    {
        var figures = new List<Figure>();
        foreach (var hub in new[] { false, true })
        {
            var (ours, bare) = (new List<double>(), new List<double>());
            for (var i = 0; i < options.Rounds; i++)
            {
                ours.Add(await OursAsync(options, viewers, hub, cancellationToken));
                bare.Add(await BareAsync(viewers, hub, cancellationToken));
                Console.Error.WriteLine($"a {(hub ? "hub" : "server-sent events")} viewer keeps alive {ours[^1]:0.0} KiB, bare {bare[^1]:0.0}");
            }

            figures.Add(Figure.Beside(hub ? "a hub viewer holds" : "a server-sent-event viewer holds", "KiB", ours, "bare connection", bare) with { Target = 1.5, AtMost = true });
        }

        return figures;
    }

    private static async Task<double> OursAsync(BenchOptions options, int viewers, bool hub, CancellationToken cancellationToken)
    {
        await using var folder = new BenchFolder(options);
        await using var lab = await LabServer.StartAsync(folder, cancellationToken);
        var subject = await LabSubject.CreateAsync(lab, cancellationToken);
        return await GrowthAsync(subject.Target(viewers, hub), cancellationToken);
    }

    private static async Task<double> BareAsync(int viewers, bool hub, CancellationToken cancellationToken)
    {
        await using var server = await BareServer.StartAsync(null, cancellationToken);
        return await GrowthAsync(BareSubject.Target(server.Port, viewers, hub), cancellationToken);
    }

    /// <summary>KiB for each viewer. A few come and go first, so that what is made once is not counted.</summary>
    private static async Task<double> GrowthAsync(ViewerTarget target, CancellationToken cancellationToken)
    {
        await using (await ViewerProcess.StartAsync(target with { Viewers = Warm }, cancellationToken))
        {
            await Task.Delay(PoolsSettle, cancellationToken);
        }

        var before = await HeapAsync(cancellationToken);
        await using var viewers = await ViewerProcess.StartAsync(target, cancellationToken);
        return (await HeapAsync(cancellationToken) - before) / 1024.0 / target.Viewers;
    }

    private static async Task<long> HeapAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(PoolsSettle, cancellationToken);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}

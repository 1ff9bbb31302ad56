using AgentLab.Bench.Measure;
using AgentLab.Bench.Viewers;

namespace AgentLab.Bench.Fanout;

/// <summary>One viewer of many stops reading: what the process holds for it, and what the others notice.</summary>
internal static class StalledViewer
{
    private static readonly TimeSpan PoolsSettle = TimeSpan.FromSeconds(12);

    public static async Task<IEnumerable<Figure>> MeasureAsync(
        BenchOptions options, LabServer lab, int viewerCount, int pace, CancellationToken cancellationToken)
    {
        var (held, before, after) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < options.Rounds; i++)
        {
            var subject = await LabSubject.CreateAsync(lab, cancellationToken);
            // A small receive buffer in the kernel, so that the bytes pile up where they are counted: in the process.
            await using var viewers = await ViewerProcess.StartAsync(
                subject.Target(viewerCount, hub: false) with { ReceiveBuffer = 4096 }, cancellationToken);
            before.Add((await FanoutRuns.SteadyAsync(subject, viewers, pace, options.Stretch, cancellationToken)).P99);
            await FloodLargeAsync(subject, viewers, options, pace, cancellationToken);
            var heap = await HeapAsync(cancellationToken);
            await viewers.StallOneAsync();
            await FloodLargeAsync(subject, viewers, options, pace, cancellationToken);
            held.Add((await HeapAsync(cancellationToken) - heap) / 1024.0);
            after.Add((await FanoutRuns.SteadyAsync(subject, viewers, pace, options.Stretch, cancellationToken)).P99);
            Console.Error.WriteLine($"stalled: holds {held[^1]:0} KiB; the others' p99 {before[^1]:0.0} -> {after[^1]:0.0} ms");
        }

        return
        [
            Figure.Of($"one of {viewerCount} viewers stalled: held for it", "KiB", held) with { Target = 1024, AtMost = true },
            Figure.Beside("one viewer stalled: p99 of the others", "ms", after, "before it stalled", before) with { Target = 1.1, AtMost = true },
        ];
    }

    /// <summary>Larger events, several times what any buffer holds.</summary>
    private static Task FloodLargeAsync(
        LabSubject subject, ViewerProcess viewers, BenchOptions options, int pace, CancellationToken cancellationToken) =>
        FanoutRuns.PaceAsync(subject, viewers, pace, options.Stretch, new string('x', 30_000), cancellationToken);

    /// <summary>The managed heap once Kestrel has given back the buffers that nobody uses any more.</summary>
    private static async Task<long> HeapAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(PoolsSettle, cancellationToken);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}

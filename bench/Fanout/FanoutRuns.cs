using System.Diagnostics;
using AgentLab.Bench.Measure;
using AgentLab.Bench.Viewers;

namespace AgentLab.Bench.Fanout;

/// <summary>How much of a subject's work is done for a delivery, and how many deliveries go through in a second.</summary>
/// <param name="Rate">Deliveries a second.</param>
/// <param name="ServerMicroseconds">The server's CPU time a delivery.</param>
/// <param name="Allocated">Bytes that the server allocated a delivery.</param>
internal sealed record Throughput(double Rate, double ServerMicroseconds, double Allocated);

/// <summary>Milliseconds from commit to receipt.</summary>
internal sealed record Latency(double P50, double P99, double Rate);

/// <summary>The ways in which viewers are fed.</summary>
internal static class FanoutRuns
{
    private const int EventsPerAppend = 4;
    private const int Window = 2 * EventsPerAppend;
    private static readonly string Text = Append.ProducersRun.Delta.Text;

    /// <summary>As many events as go through: the next append waits until no more than two are under way to any viewer.</summary>
    public static async Task<Throughput> FloodAsync(
        IFanoutSubject subject, ViewerProcess viewers, int count, TimeSpan stretch, CancellationToken cancellationToken)
    {
        await FeedAsync(subject, viewers, TimeSpan.FromSeconds(1), cancellationToken);
        var (cpu, allocated, clock) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(), Stopwatch.StartNew());
        var events = await FeedAsync(subject, viewers, stretch, cancellationToken);
        var deliveries = (double)events * count;
        return new Throughput(
            deliveries / clock.Elapsed.TotalSeconds,
            (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / deliveries,
            (GC.GetTotalAllocatedBytes() - allocated) / deliveries);
    }

    /// <summary>A steady stream of single events, whatever the viewers do.</summary>
    public static async Task<Latency> SteadyAsync(
        IFanoutSubject subject, ViewerProcess viewers, int eventsPerSecond, TimeSpan stretch, CancellationToken cancellationToken)
    {
        await PaceAsync(subject, viewers, eventsPerSecond, TimeSpan.FromSeconds(1), Text, cancellationToken);
        await viewers.TimesAsync(cancellationToken);
        var clock = Stopwatch.StartNew();
        await PaceAsync(subject, viewers, eventsPerSecond, stretch, Text, cancellationToken);
        var seconds = clock.Elapsed.TotalSeconds;
        var times = await viewers.TimesAsync(cancellationToken);
        var waits = times.Select(t => Stopwatch.GetElapsedTime(subject.PublishedAt(t.Sequence), t.At).TotalMilliseconds).ToArray();
        Array.Sort(waits);
        return new Latency(Quantiles.Sorted(waits, 0.5), Quantiles.Sorted(waits, 0.99), waits.Length / seconds);
    }

    /// <summary>Publishes at this pace and returns when all viewers have everything.</summary>
    public static async Task PaceAsync(
        IFanoutSubject subject, ViewerProcess viewers, int eventsPerSecond, TimeSpan stretch, string text, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / eventsPerSecond));
        long last = 0;
        for (var left = (int)(stretch.TotalSeconds * eventsPerSecond); left > 0; left--)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            last = await subject.PublishAsync(1, text, cancellationToken);
        }

        await viewers.ReachAsync(last, cancellationToken);
    }

    private static async Task<long> FeedAsync(IFanoutSubject subject, ViewerProcess viewers, TimeSpan stretch, CancellationToken cancellationToken)
    {
        long last = 0;
        long events = 0;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < stretch; events += EventsPerAppend)
        {
            last = await subject.PublishAsync(EventsPerAppend, Text, cancellationToken);
            await viewers.ReachAsync(last - Window + EventsPerAppend, cancellationToken);
        }

        await viewers.ReachAsync(last, cancellationToken);
        return events;
    }
}

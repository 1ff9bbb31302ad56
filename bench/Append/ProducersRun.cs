using System.Diagnostics;
using AgentLab.Bench.Measure;
using AgentLab.Bench.Storage;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Bench.Append;

/// <summary>Producers that append through AgentLab's log, each one event after the other.</summary>
/// <param name="Rate">Events a second.</param>
/// <param name="P50">Milliseconds from asking to durable.</param>
/// <param name="P99">Milliseconds from asking to durable.</param>
/// <param name="Allocated">Bytes allocated an event, producers included.</param>
/// <param name="Cpu">Microseconds of CPU an event, producers included.</param>
internal sealed record ProducersRun(double Rate, double P50, double P99, double Allocated, double Cpu)
{
    /// <summary>A part of an answer as a model streams it.</summary>
    public static readonly ModelDelta Delta = new("Shipments to the north grew by four per cent, most of them in the last quarter. ");

    public static async Task<ProducersRun> MeasureAsync(
        LabStorage storage, int producers, int sessionCount, TimeSpan stretch, CancellationToken cancellationToken)
    {
        var sessions = await storage.CreateSessionsAsync(sessionCount, cancellationToken);
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var end = Stopwatch.GetTimestamp() + (long)(stretch.TotalSeconds * Stopwatch.Frequency);
        var times = await Task.WhenAll(Enumerable.Range(0, producers).Select(i =>
        {
            var (session, run) = sessions[i % sessionCount];
            return Task.Run(() => ProduceAsync(storage.Log, session, run, end, cancellationToken), cancellationToken);
        }));
        var seconds = clock.Elapsed.TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var all = times.SelectMany(t => t).ToArray();
        Array.Sort(all);
        return new ProducersRun(
            all.Length / seconds, Quantiles.Sorted(all, 0.5), Quantiles.Sorted(all, 0.99), (double)allocated / all.Length, cpu.TotalMicroseconds / all.Length);
    }

    private static async Task<List<double>> ProduceAsync(ISessionLog log, SessionId session, RunId run, long end, CancellationToken cancellationToken)
    {
        var times = new List<double>(4096);
        for (var now = Stopwatch.GetTimestamp(); now < end;)
        {
            await log.AppendAsync((session, run), [new NewEvent(Delta, run, "run/model[1]", 1)], cancellationToken);
            var then = Stopwatch.GetTimestamp();
            times.Add(Stopwatch.GetElapsedTime(now, then).TotalMilliseconds);
            now = then;
        }

        return times;
    }
}

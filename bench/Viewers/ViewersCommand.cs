using System.Globalization;

namespace AgentLab.Bench.Viewers;

/// <summary>
/// The client side of fanout, in a process of its own so that the server's CPU time can be told from its viewers'. Takes a target from the first line of its
/// input, then commands: <c>stall</c>, <c>times FILE</c>, <c>end</c>. Tells <c>open</c> once all are connected and <c>all N</c> when every viewer has event N.
/// </summary>
internal static class ViewersCommand
{
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var output = TextWriter.Synchronized(Console.Out);
        var target = ViewerTarget.Parse((await Console.In.ReadLineAsync(stop.Token))!);
        var arrivals = new Arrivals(target.Viewers, sequence => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"all {sequence}")));
        var viewers = Enumerable.Range(0, target.Viewers).Select(_ => new Viewer(target, arrivals)).ToList();
        try
        {
            var readings = new List<Task>();
            foreach (var viewer in viewers)
            {
                readings.Add(await viewer.OpenAsync(stop.Token));
            }

            await output.WriteLineAsync("open");
            var pings = PingAsync(viewers, stop.Token);
            // The console blocks its reader, which must not be the thread that reads the sockets.
            var commands = Task.Run(() => ObeyAsync(viewers, arrivals, output, stop.Token), stop.Token);
            // A stalled viewer's reading ends; any other end is a fault.
            var ended = await Task.WhenAny([commands, pings, .. readings.Select(FaultOf)]);
            await ended;
            return 0;
        }
        finally
        {
            await stop.CancelAsync();
            viewers.ForEach(v => v.Dispose());
        }
    }

    private static async Task FaultOf(Task reading)
    {
        await reading;
        await Task.Delay(Timeout.Infinite);
    }

    private static async Task PingAsync(List<Viewer> viewers, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(PingEvery);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var viewer in viewers)
            {
                await viewer.PingAsync(cancellationToken);
            }
        }
    }

    private static async Task ObeyAsync(List<Viewer> viewers, Arrivals arrivals, TextWriter output, CancellationToken cancellationToken)
    {
        while (await Console.In.ReadLineAsync(cancellationToken) is { } line && line != "end")
        {
            if (line == "stall")
            {
                arrivals.Leave();
                viewers[0].Stall();
            }
            else if (line.StartsWith("times ", StringComparison.Ordinal))
            {
                Save(line[6..], arrivals);
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"saved {arrivals.Faults}"));
            }
        }
    }

    private static void Save(string file, Arrivals arrivals)
    {
        using var writer = new BinaryWriter(File.Create(file));
        foreach (var (sequence, at) in arrivals.Take())
        {
            writer.Write(sequence);
            writer.Write(at);
        }
    }
}

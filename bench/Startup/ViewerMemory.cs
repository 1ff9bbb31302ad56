using AgentLab.Bench.Fanout;
using AgentLab.Bench.Measure;
using AgentLab.Bench.Viewers;

namespace AgentLab.Bench.Startup;

/// <summary>What a connected viewer holds in the server's process, beside a connection of a server that does nothing else.</summary>
internal static class ViewerMemory
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);

    // Opening a stream leaves garbage (a query, a sign-in) that would count as held until the next collection.
    private static readonly Dictionary<string, string?> SmallNursery = new() { ["DOTNET_GCgen0size"] = "0x400000" };

    public static async Task<IEnumerable<Figure>> MeasureAsync(BenchOptions options, PublishedLab lab, int viewers, CancellationToken cancellationToken)
    {
        var figures = new List<Figure>();
        foreach (var hub in new[] { false, true })
        {
            var (ours, bare) = (new List<double>(), new List<double>());
            for (var i = 0; i < options.Rounds; i++)
            {
                await using (var server = await lab.StartAsync(SmallNursery, cancellationToken))
                {
                    var token = await LabServer.SignInAsync(server.Address, cancellationToken);
                    ours.Add(await GrowthAsync(server, LabSubject.Target(server.Address.Port, token, lab.Session, lab.Head, viewers, hub), cancellationToken));
                }

                await using (var server = await StartupBench.BareAsync(SmallNursery, cancellationToken))
                {
                    bare.Add(await GrowthAsync(server, BareSubject.Target(server.Address.Port, viewers, hub), cancellationToken));
                }

                Console.Error.WriteLine($"a {(hub ? "hub" : "server-sent events")} viewer holds {ours[^1]:0.0} KiB, bare {bare[^1]:0.0}");
            }

            figures.Add(Figure.Beside(hub ? "resident growth by a hub viewer" : "resident growth by a server-sent-event viewer", "KiB", ours, "bare connection", bare));
        }

        return figures;
    }

    /// <summary>KiB of resident memory for each viewer. A few come and go first, so that what is made once is not counted.</summary>
    private static async Task<double> GrowthAsync(LabProcess server, ViewerTarget target, CancellationToken cancellationToken)
    {
        await using (await ViewerProcess.StartAsync(target with { Viewers = 50 }, cancellationToken))
        {
            await Task.Delay(Settle, cancellationToken);
        }

        var before = server.ResidentMegabytes;
        await using var viewers = await ViewerProcess.StartAsync(target, cancellationToken);
        await Task.Delay(Settle, cancellationToken);
        return (server.ResidentMegabytes - before) * 1024 / target.Viewers;
    }
}

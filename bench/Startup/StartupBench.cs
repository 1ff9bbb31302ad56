using AgentLab.Bench.Browsing;
using AgentLab.Bench.Measure;

namespace AgentLab.Bench.Startup;

/// <summary>The published program with a large database: how soon it is ready, what it holds, what its first page weighs, how a long session opens.</summary>
internal static class StartupBench
{
    private const int Events = 100_000;
    private const int Viewers = 500;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        await using var lab = await PublishedLab.MakeAsync(options, Events, cancellationToken);
        var figures = new List<Figure>();
        if (options.Wants("ready"))
        {
            figures.AddRange(await ReadyAsync(options, lab, cancellationToken));
        }

        if (options.Wants("viewer"))
        {
            figures.AddRange(await LiveMemory.MeasureAsync(options, Viewers, cancellationToken));
            figures.AddRange(await ViewerMemory.MeasureAsync(options, lab, Viewers, cancellationToken));
        }

        if (options.Wants("pages"))
        {
            figures.AddRange(await PagesAsync(options, lab, cancellationToken));
        }

        return new BenchResult("startup", options.Rounds, options.Seconds, figures)
        {
            Notes =
            [
                $"`dotnet publish -c Release`, framework-dependent, on a SQLite database with one session of {lab.Head:#,0} events. Ready: from starting the process to the answer of `/health/ready`.",
                "Resident memory is the process's RSS after a request and three idle seconds. What a viewer holds is the growth of the managed heap, after full collections, by 500 connections that have received nothing but the opening; each server then runs in the benchmark's process. The growth of RSS by as many is shown beside it for the published program with a nursery of 4 MB (`DOTNET_GCgen0size`): it also has the garbage of opening that no collection has taken yet.",
                "First load: everything that Chromium receives for Lab with a cold cache, from the request to an idle, interactive page, heads and WebSocket frames included.",
                "Opening: from the request of `/lab/{id}` to the newest turn on the page, cache warm. Rows are turns, timeline entries and list items in the DOM.",
            ],
        }.Publish(options);
    }

    private static async Task<IEnumerable<Figure>> ReadyAsync(BenchOptions options, PublishedLab lab, CancellationToken cancellationToken)
    {
        var (ready, bareReady, resident, bareResident) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < options.Rounds; i++)
        {
            await using (var server = await lab.StartAsync(null, cancellationToken))
            {
                ready.Add(server.ReadyAfter.TotalSeconds);
                await Task.Delay(Settle, cancellationToken);
                resident.Add(server.ResidentMegabytes);
            }

            await using (var server = await BareAsync(null, cancellationToken))
            {
                bareReady.Add(server.ReadyAfter.TotalSeconds);
                await Task.Delay(Settle, cancellationToken);
                bareResident.Add(server.ResidentMegabytes);
            }

            Console.Error.WriteLine($"ready after {ready[^1]:0.00} s (bare {bareReady[^1]:0.00}), resident {resident[^1]:0} MB (bare {bareResident[^1]:0})");
        }

        return
        [
            Figure.Beside("ready", "s", ready, "bare Kestrel", bareReady) with { Limit = 3, AtMost = true },
            Figure.Beside("resident, idle", "MB", resident, "bare Kestrel", bareResident) with { Limit = 200, AtMost = true },
        ];
    }

    /// <summary>Starts the bare server with these variables.</summary>
    public static Task<LabProcess> BareAsync(IReadOnlyDictionary<string, string?>? variables, CancellationToken cancellationToken) =>
        LabProcess.StartAsync(typeof(StartupBench).Assembly.Location, ["_bare"], variables ?? new Dictionary<string, string?>(), cancellationToken);

    private static async Task<IEnumerable<Figure>> PagesAsync(BenchOptions options, PublishedLab lab, CancellationToken cancellationToken)
    {
        await using var server = await lab.StartAsync(null, cancellationToken);
        await using var browser = await LabBrowser.StartAsync();
        var (bytes, seconds, rows) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < options.Rounds; i++)
        {
            await using var context = await browser.SignedInAsync(server.Address);
            var page = await context.NewPageAsync();
            bytes.Add(await PageLoads.FirstAsync(page, server.Address));
            var opened = await PageLoads.OpenSessionAsync(page, server.Address, lab.Session);
            seconds.Add(opened.Seconds);
            rows.Add(opened.Rows);
            Console.Error.WriteLine($"first load {bytes[^1]:0.0} KB; session opened in {seconds[^1]:0.00} s with {rows[^1]} rows");
        }

        return
        [
            Figure.Of("Lab's first load, over the wire", "KB", bytes) with { Target = 600, AtMost = true },
            Figure.Of($"a session of {lab.Head:#,0} events opens", "s", seconds) with { Target = 2, AtMost = true },
            Figure.Of("rows in the DOM", string.Empty, rows) with { Target = 150, AtMost = true },
        ];
    }
}

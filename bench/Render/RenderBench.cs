using System.Diagnostics;
using AgentLab.Bench.Browsing;
using AgentLab.Bench.Fanout;
using AgentLab.Bench.Measure;
using AgentLab.Bench.Storage;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using Microsoft.Playwright;

namespace AgentLab.Bench.Render;

/// <summary>A session's page in Chromium while the session gets events: how often it renders, what that costs, what a page holds on the server.</summary>
internal static class RenderBench
{
    private const int EventsPerSecond = 50;
    private const int Pages = 5;
    private const int EmptyPages = 25;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        await using var folder = new BenchFolder(options);
        await using var lab = await LabServer.StartAsync(folder, cancellationToken);
        await using var empty = await EmptyPageServer.StartAsync(cancellationToken);
        await using var browser = await LabBrowser.StartAsync();
        var rounds = new List<Live>();
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var i = 0; i <= options.Rounds; i++)
        {
            var live = await LiveAsync(options, lab, browser, cancellationToken);
            var page = await CircuitKilobytesAsync(browser, lab.Address, lab.Log, cancellationToken);
            var bare = await EmptyKilobytesAsync(browser, empty.Address);
            Console.Error.WriteLine($"{live}; a circuit {page:0} KiB, empty {bare:0} KiB");
            if (i > 0)
            {
                rounds.Add(live);
                ours.Add(page);
                theirs.Add(bare);
            }
        }

        return new BenchResult("render", options.Rounds, options.Seconds, Figures(rounds, ours, theirs))
        {
            Notes =
            [
                $"A session's page in Chromium, following a run that gets {EventsPerSecond} `model.delta` events a second, one append each. Renders are WebSocket messages from server to page; heartbeats are among them.",
                "CPU is that of the server's process, in per cent of one core, less the same stream of events without a page.",
                $"A circuit's memory is the growth of the managed heap (after a full collection) by {Pages} open pages of a session of 500 events, divided by {Pages}; the empty page is that of a Blazor Server program which holds one word ({EmptyPages} of them).",
            ],
        }.Publish(options);
    }

    private static IReadOnlyList<Figure> Figures(List<Live> rounds, List<double> ours, List<double> theirs)
    {
        double[] Each(Func<Live, double> value) => [.. rounds.Select(value)];
        return
        [
            Figure.Of($"renders a second at {EventsPerSecond} events/s", "1/s", Each(l => l.Renders)) with { Target = 12, AtMost = true },
            Figure.Of("server CPU of the open page", "% of a core", Each(l => l.Cpu)),
            Figure.Of("sent to the page", "KB/s", Each(l => l.Kilobytes)),
            Figure.Of("commit to the words on the page p50", "ms", Each(l => l.P50)),
            Figure.Of("commit to the words on the page p99", "ms", Each(l => l.P99)),
            // What the empty page holds is smaller than what the heap moves by itself: the two stand side by side, their ratio says nothing.
            Figure.Of("heap a circuit", "KiB", ours) with { Against = "empty interactive page", Reference = Math.Max(0, Quantiles.Median(theirs)) },
        ];
    }

    private static async Task<Live> LiveAsync(BenchOptions options, LabServer lab, LabBrowser browser, CancellationToken cancellationToken)
    {
        var session = await SessionMaker.CreateAsync(lab.Log, Guid.Empty, cancellationToken);
        var step = new NewEvent(new StepStarted("model", "default"), session.Run, "model[1]", 1);
        await lab.Log.AppendAsync(session, [step], cancellationToken);
        await using var context = await browser.SignedInAsync(lab.Address);
        await Task.Delay(Settle, cancellationToken);
        var without = await StreamAsync(options, lab.Log, session, 0, cancellationToken);
        var page = await context.NewPageAsync();
        await using var wire = await WireBytes.OfAsync(page);
        await page.GotoAsync(new Uri(lab.Address, $"/lab/{session.Session}").ToString());
        await page.WaitForSelectorAsync("article.turn.run");
        await Task.Delay(Settle, cancellationToken);
        await PageWords.WatchAsync(page);
        var (frames, bytes) = (wire.Frames, wire.Bytes);
        var with = await StreamAsync(options, lab.Log, session, 100_000, cancellationToken);
        var (renders, sent) = (wire.Frames - frames, wire.Bytes - bytes);
        var waits = await PageWords.WaitsAsync(page, with.Times);
        return new Live(
            renders / with.Seconds, (with.Cpu / with.Seconds - without.Cpu / without.Seconds) * 100, sent / 1000.0 / with.Seconds,
            Quantiles.At(waits, 0.5), Quantiles.At(waits, 0.99));
    }

    /// <summary>A steady stream of words, each with its number; the time of each as the page's clock would tell it.</summary>
    private static async Task<Stream> StreamAsync(
        BenchOptions options, ISessionLog log, (SessionId Session, RunId Run) session, int first, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / EventsPerSecond));
        var times = new List<(int Number, double At)>();
        var (cpu, clock) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        for (var i = 0; clock.Elapsed < options.Stretch * 2; i++)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            var delta = new NewEvent(new ModelDelta($"word {first + i} "), session.Run, "model[1]", 1);
            await log.AppendAsync(session, [delta], cancellationToken);
            times.Add((first + i, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
        }

        var seconds = clock.Elapsed.TotalSeconds;
        return new Stream((Environment.CpuUsage.TotalTime - cpu).TotalSeconds, seconds, times);
    }

    private static async Task<double> CircuitKilobytesAsync(LabBrowser browser, Uri address, ISessionLog log, CancellationToken cancellationToken)
    {
        var (session, _) = await SessionHistory.WriteAsync(log, 500, cancellationToken);
        await using var context = await browser.SignedInAsync(address);
        return await GrowthAsync(context, new Uri(address, $"/lab/{session}"), "article.turn.run", Pages);
    }

    private static async Task<double> EmptyKilobytesAsync(LabBrowser browser, Uri address)
    {
        await using var context = await browser.ContextAsync();
        return await GrowthAsync(context, address, "#live", EmptyPages);
    }

    private static async Task<double> GrowthAsync(IBrowserContext context, Uri address, string ready, int pages)
    {
        await OpenAsync(context, address, ready);
        var before = Heap();
        for (var i = 0; i < pages; i++)
        {
            await OpenAsync(context, address, ready);
        }

        return (Heap() - before) / 1024.0 / pages;
    }

    private static async Task OpenAsync(IBrowserContext context, Uri address, string ready)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(address.ToString());
        await page.WaitForSelectorAsync(ready);
        await page.WaitForTimeoutAsync(500);
    }

    private static long Heap()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private sealed record Live(double Renders, double Cpu, double Kilobytes, double P50, double P99);

    private sealed record Stream(double Cpu, double Seconds, IReadOnlyList<(int Number, double At)> Times);
}

using AgentLab.Bench.Browsing;
using AgentLab.Bench.Fanout;
using AgentLab.Bench.Measure;
using AgentLab.Browsing;
using Microsoft.Playwright;

namespace AgentLab.Bench.Canvas;

/// <summary>What a frame costs while the picture is panned and a run's states come in, beside panning alone.</summary>
internal static class PanRuns
{
    private const double Limit = 4;
    private const int SettleMilliseconds = 400;

    private static readonly (string Name, string Command, int Reach)[] Sizes =
    [
        ("at the size in which it opens", "", 1_200),
        ("at natural size", "zoomReset", 1_200),
        ("all in view", "fit", CanvasLoad.WithinSight),
    ];

    public static async Task<IEnumerable<Figure>> MeasureAsync(BenchOptions options, LabServer lab, LabBrowser browser)
    {
        var rounds = Sizes.ToDictionary(size => size.Name, _ => (Patched: new List<Frames>(), Alone: new List<Frames>()));
        for (var i = 0; i <= options.Rounds; i++)
        {
            await using var context = await browser.SignedInAsync(lab.Address);
            var page = await MountedAsync(context, lab);
            foreach (var size in Sizes)
            {
                var alone = await PanAsync(page, size.Command, size.Reach, patched: false, options);
                var patched = await PanAsync(page, size.Command, size.Reach, patched: true, options);
                Console.Error.WriteLine($"{size.Name}: {patched}; alone {alone}");
                if (i > 0)
                {
                    // The first round compiles what the others use.
                    rounds[size.Name].Patched.Add(patched);
                    rounds[size.Name].Alone.Add(alone);
                }
            }
        }

        return Sizes.SelectMany(size => Figures(size.Name, rounds[size.Name].Patched, rounds[size.Name].Alone));
    }

    private static IEnumerable<Figure> Figures(string name, List<Frames> patched, List<Frames> alone)
    {
        Figure Of(string what, string unit, Func<Frames, double> value) =>
            Figure.Beside($"{name}: {what}", unit, [.. patched.Select(value)], "panning alone", [.. alone.Select(value)]);
        return
        [
            Of("script a frame, 50 patches/s", "ms", f => f.Mean) with { Limit = Limit, AtMost = true },
            Of("script a frame p95", "ms", f => f.P95),
            Of("frames a second", "1/s", f => f.Rate),
        ];
    }

    private static async Task<IPage> MountedAsync(IBrowserContext context, LabServer lab)
    {
        var page = await context.NewPageAsync();
        await page.SetViewportSizeAsync(BenchEditor.Width, BenchEditor.Height);
        await page.GotoAsync(new Uri(lab.Address, "/workflows").ToString());
        await page.EvaluateAsync(CanvasLoad.Mount, CanvasBench.Load(lab));
        await page.WaitForSelectorAsync("#canvas-under-load .step");
        return page;
    }

    private static async Task<Frames> PanAsync(IPage page, string command, int reach, bool patched, BenchOptions options)
    {
        await page.EvaluateAsync("name => canvas.command(name)", command);
        await page.WaitForTimeoutAsync(SettleMilliseconds);
        var trace = await ThreadTrace.StartAsync(page);
        var rate = await page.EvaluateAsync<double>(CanvasLoad.Pan, new object[] { options.Stretch.TotalMilliseconds, reach, patched });
        // The first frame has what came before it.
        var costs = (await trace.EndAsync()).Skip(1).ToList();
        var drawn = await page.Locator("#canvas-under-load .step").CountAsync();
        return (command == "fit") == (drawn == CanvasBench.Nodes)
            ? new Frames(costs.Average(), Quantiles.At(costs, 0.95), rate)
            : throw new InvalidOperationException($"{drawn} nodes were in sight.");
    }

    private sealed record Frames(double Mean, double P95, double Rate);
}

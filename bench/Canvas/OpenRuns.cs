using System.Diagnostics;
using AgentLab.Bench.Browsing;
using AgentLab.Bench.Fanout;
using AgentLab.Bench.Measure;
using Microsoft.Playwright;

namespace AgentLab.Bench.Canvas;

/// <summary>How soon a workflow stands in its editor.</summary>
internal static class OpenRuns
{
    /// <summary>Resolves in the frame after the one in which nodes were drawn first.</summary>
    private const string Drawn = """
        () => new Promise(resolve => {
          const look = () => document.querySelector(".canvas-area .react-flow__node .step") ? requestAnimationFrame(resolve) : requestAnimationFrame(look);
          look();
        })
        """;

    public static async Task<IEnumerable<Figure>> MeasureAsync(BenchOptions options, LabServer lab, LabBrowser browser, CancellationToken cancellationToken)
    {
        var large = await BenchEditor.SlugAsync(lab, "Opened", CanvasBench.Nodes, cancellationToken);
        var small = await BenchEditor.SlugAsync(lab, "Opened small", CanvasBench.Few, cancellationToken);
        var (ours, reference) = (new List<double>(), new List<double>());
        await using var context = await browser.SignedInAsync(lab.Address);
        for (var i = 0; i <= options.Rounds; i++)
        {
            var (few, many) = (await SecondsAsync(context, lab.Address, small), await SecondsAsync(context, lab.Address, large));
            Console.Error.WriteLine($"{CanvasBench.Nodes} nodes opened in {many:0.00} s, {CanvasBench.Few} in {few:0.00} s");
            if (i > 0)
            {
                // The first fills the caches.
                (ours, reference) = ([.. ours, many], [.. reference, few]);
            }
        }

        return [Figure.Beside($"a workflow of {CanvasBench.Nodes:#,0} nodes opens", "s", ours, $"one of {CanvasBench.Few} nodes", reference) with { Limit = 1.5, AtMost = true }];
    }

    private static async Task<double> SecondsAsync(IBrowserContext context, Uri address, string slug)
    {
        var page = await context.NewPageAsync();
        await page.SetViewportSizeAsync(BenchEditor.Width, BenchEditor.Height);
        var clock = Stopwatch.StartNew();
        await page.GotoAsync(new Uri(address, $"/workflows/{slug}").ToString(), new() { WaitUntil = WaitUntilState.Commit });
        await page.EvaluateAsync(Drawn);
        var seconds = clock.Elapsed.TotalSeconds;
        await page.CloseAsync();
        return seconds;
    }
}

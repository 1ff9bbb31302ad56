using AgentLab.Bench.Browsing;
using AgentLab.Bench.Fanout;
using AgentLab.Bench.Measure;
using AgentLab.Browsing;
using Microsoft.Playwright;

namespace AgentLab.Bench.Canvas;

/// <summary>What the page sends while nodes are dragged, and once they are dropped.</summary>
internal static class DragRuns
{
    private const int Nodes = 50;
    private const int Moves = 30;
    private const int QuietMilliseconds = 700;

    public static async Task<IEnumerable<Figure>> MeasureAsync(BenchOptions options, LabServer lab, LabBrowser browser, CancellationToken cancellationToken)
    {
        var many = await BenchEditor.SlugAsync(lab, "Dragged", Nodes, cancellationToken);
        var one = await BenchEditor.SlugAsync(lab, "Dragged alone", 1, cancellationToken);
        var (ours, reference) = (new List<Sent>(), new List<Sent>());
        await using var context = await browser.SignedInAsync(lab.Address);
        for (var i = 0; i < options.Rounds; i++)
        {
            ours.Add(await DragAsync(context, lab.Address, many));
            reference.Add(await DragAsync(context, lab.Address, one));
            Console.Error.WriteLine($"{Nodes} nodes: {ours[^1]}; one: {reference[^1]}");
        }

        Figure Of(string name, Func<Sent, double> value, double? target) =>
            Figure.Of(name, string.Empty, [.. ours.Select(value)]) with { Against = "one node", Reference = Quantiles.Median(reference.Select(value)), Target = target, AtMost = true };
        return
        [
            Of($"{Nodes} nodes dragged: messages to the server before the drop", s => s.Before, 0),
            Of($"{Nodes} nodes dragged: commits after it", s => s.Commits, 1),
            Of($"{Nodes} nodes dragged: messages after it, with what the page's own answers send", s => s.After, null),
        ];
    }

    private static async Task<Sent> DragAsync(IBrowserContext context, Uri address, string slug)
    {
        var page = await context.NewPageAsync();
        await page.SetViewportSizeAsync(BenchEditor.Width, BenchEditor.Height);
        var sent = new SentMessages(page);
        await page.GotoAsync(new Uri(address, $"/workflows/{slug}").ToString());
        await page.WaitForSelectorAsync("html[data-started=true]");
        await page.WaitForSelectorAsync(".canvas-area .step");
        await page.FocusAsync(".canvas-pane");
        await page.Keyboard.PressAsync("Control+a");
        await page.WaitForSelectorAsync(".step.selected");
        await QuietAsync(page, sent);

        var node = (await page.Locator(".canvas-area .step").First.BoundingBoxAsync())!;
        var (x, y) = (node.X + (node.Width / 2), node.Y + (node.Height / 4));
        await page.Mouse.MoveAsync(x, y);
        await page.Mouse.DownAsync();
        var still = sent.Count;
        for (var move = 1; move <= Moves; move++)
        {
            await page.Mouse.MoveAsync(x + (move * 4), y + (move * 2));
        }

        var before = sent.Count - still;
        var commits = sent.Holding("Commit"u8);
        await page.Mouse.UpAsync();
        await QuietAsync(page, sent);
        var answer = new Sent(before, sent.Holding("Commit"u8) - commits, sent.Count - still - before);
        await page.CloseAsync();
        return answer.Commits > 0 ? answer : throw new InvalidOperationException("Nothing was moved.");
    }

    /// <summary>Waits until nothing has been sent for a while.</summary>
    private static async Task QuietAsync(IPage page, SentMessages sent)
    {
        var before = -1;
        while (sent.Count != before)
        {
            before = sent.Count;
            await page.WaitForTimeoutAsync(QuietMilliseconds);
        }
    }

    private sealed record Sent(double Before, double Commits, double After);
}

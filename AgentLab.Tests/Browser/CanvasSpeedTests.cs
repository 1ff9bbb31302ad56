using System.Text.Json;
using AgentLab.Browsing;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Tests.Api;
using AgentLab.Web.Features.Workflows.Editor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace AgentLab.Tests.Browser;

/// <summary>The canvas under load: what is counted (nodes drawn again, messages to the server) must be right; times are printed for those who look.</summary>
[Collection(BrowserTests.Name)]
public sealed class CanvasSpeedTests(BrowserFixture browser, ITestOutputHelper output)
{
    private const int Reach = 1_200;

    /// <summary>States for those ids; answers with the ids of the nodes in which anything was drawn again, and of those that were in sight.</summary>
    private const string Patch = """
        async ([seq, ids, state]) => {
          const touched = new Set();
          const frame = () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
          await frame();
          const watcher = new MutationObserver(records => { for (const record of records) { const node = (record.target.closest ? record.target : record.target.parentElement)?.closest(".react-flow__node"); if (node) touched.add(node.dataset.id); } });
          watcher.observe(document.querySelector("#canvas-under-load .react-flow__nodes"), { subtree: true, childList: true, attributes: true, characterData: true });
          canvas.status({ run: "load", seq, n: ids.map(id => [id, state, seq, null, seq]), e: [] });
          await frame();
          watcher.disconnect();
          return [[...touched].sort(), ids.filter(id => document.querySelector(`#canvas-under-load [data-id="${id}"]`)).sort()];
        }
        """;

    [Fact]
    public async Task StatusPatch_OfSomeNodes_DrawsTheseAgainAndNoOthers()
    {
        await using var visitor = await LoadedAsync();
        var seq = 0;
        foreach (var (command, state) in ((string, string)[])[("zoomReset", "running"), ("fit", "done")])
        {
            await visitor.Page.EvaluateAsync("name => canvas.command(name)", command);
            for (var part = 0; part < 3; part++)
            {
                string[] ids = [.. Enumerable.Range(0, 20).Select(i => $"set_{1 + (((i * 7) + part) % 999)}")];
                var drawn = await visitor.Page.EvaluateAsync<string[][]>(Patch, new object[] { ++seq, ids, state });
                drawn[1].ShouldNotBeEmpty();
                drawn[0].ShouldBe(drawn[1], $"{command}, {part}");
            }
        }

        (await visitor.Page.EvaluateAsync<string[]>("told")).ShouldBeEmpty();
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task ThousandNodes_PannedUnderPatches_DrawOnlyWhatIsSeen()
    {
        await using var visitor = await LoadedAsync();
        // Once before it counts: code that runs for the first time is compiled.
        await PanAsync(visitor.Page, Reach);
        foreach (var (name, command) in ((string, string)[])[("at the size in which it opens", ""), ("at natural size", "zoomReset"), ("all in view", "fit")])
        {
            await visitor.Page.EvaluateAsync("name => canvas.command(name)", command);
            var trace = await ThreadTrace.StartAsync(visitor.Page);
            var rate = await PanAsync(visitor.Page, command == "fit" ? CanvasLoad.WithinSight : Reach);
            var costs = (await trace.EndAsync()).Skip(1).Order().ToList();
            output.WriteLine($"{name}: {rate:0} frames a second, script CPU a frame: mean {costs.Average():0.00} ms, median {costs[costs.Count / 2]:0.00}, p95 {costs[(int)(costs.Count * 0.95)]:0.00}, most {costs[^1]:0.00}");
            var drawn = await visitor.Page.Locator("#canvas-under-load .step").CountAsync();
            if (command == "fit")
            {
                drawn.ShouldBe(1_000, "All of it is in sight.");
            }
            else
            {
                drawn.ShouldBeInRange(1, 60, "What is out of sight is not drawn.");
            }
        }

        (await visitor.Page.EvaluateAsync<string[]>("told")).ShouldBeEmpty("Panning and states are no business of the server.");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task FiftyNodes_Dragged_AreSentOnceAfterTheDrop()
    {
        var workflow = await WorkflowDesk.MakeAsync(browser.App, WorkflowDesk.Row("Dragged", 49, columns: 10));
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var sent = new SentMessages(visitor.Page);
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.OpenAsync(workflow.Summary.Slug);
        await desk.Canvas.FocusAsync();
        await desk.Page.Keyboard.PressAsync("Control+a");
        await Assertions.Expect(desk.Page.Locator(".step.selected").First).ToBeVisibleAsync();
        // What the selection brought about is over when the server has heard it and nothing more is said.
        await Eventually.TrueAsync(async () =>
        {
            var before = sent.Count;
            await desk.Page.WaitForTimeoutAsync(300);
            return sent.Count == before;
        });

        var node = (await desk.Nodes.First.BoundingBoxAsync())!;
        var (x, y) = (node.X + (node.Width / 2), node.Y + 12);
        await desk.Page.Mouse.MoveAsync(x, y);
        await desk.Page.Mouse.DownAsync();
        var still = sent.Holding("BeginInvokeDotNetFromJS"u8);
        for (var step = 1; step <= 30; step++)
        {
            await desk.Page.Mouse.MoveAsync(x + (step * 4), y + (step * 2));
        }

        sent.Holding("BeginInvokeDotNetFromJS"u8).ShouldBe(still, "Nothing goes to the server while nodes are dragged.");
        await desk.Page.Mouse.UpAsync();
        var draft = await desk.DraftAsync(draft => draft.Nodes[0].X > workflow.Draft.Nodes[0].X);

        var (dx, dy) = (draft.Nodes[0].X - workflow.Draft.Nodes[0].X, draft.Nodes[0].Y - workflow.Draft.Nodes[0].Y);
        draft.Nodes.Select(moved => (moved.X, moved.Y)).ShouldBe(workflow.Draft.Nodes.Select(old => (old.X + dx, old.Y + dy)));
        sent.Holding("Commit"u8).ShouldBe(1);
        await Assertions.Expect(desk.Saved).ToHaveTextAsync("Saved · revision 2");
        visitor.ShouldBeClean();
    }

    private static Task<double> PanAsync(IPage page, int reach) => page.EvaluateAsync<double>(CanvasLoad.Pan, new object[] { 3_000, reach, true });

    private async Task<Visitor> LoadedAsync()
    {
        var visitor = await browser.VisitAsync(width: 1440, height: 900);
        await visitor.GoAsync("/workflows");
        var definition = JsonSerializer.Serialize(CanvasLoad.Rows("A thousand", 999), WorkflowJson.Compact.WorkflowDefinition);
        await visitor.Page.EvaluateAsync(CanvasLoad.Mount, new object[] { definition, browser.App.Services.GetRequiredService<NodeTypeTable>().Json });
        await Assertions.Expect(visitor.Page.Locator("#canvas-under-load .step").First).ToBeVisibleAsync();
        return visitor;
    }
}

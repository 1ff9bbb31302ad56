using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
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
    /// <summary>A canvas over the page with a definition, beside the page's own code: <c>window.canvas</c>; what it tells the server is in <c>window.told</c>.</summary>
    private const string Mount = """
        async ([definition, types]) => {
          const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/js/canvas.css" });
          const styled = new Promise(resolve => style.onload = resolve);
          document.head.append(style);
          await styled;
          const host = document.createElement("div");
          host.id = "canvas-under-load";
          host.style.cssText = "position:fixed;inset:0;z-index:99";
          document.body.append(host);
          const { mount } = await import("/js/canvas.js");
          window.told = [];
          window.canvas = mount(host, { invokeMethodAsync: (method, ...rest) => { window.told.push(method); return Promise.resolve(method === "Commit" ? { rev: rest[0].baseRev + 1 } : null); } }, { types: JSON.parse(types) });
          window.canvas.load({ rev: 1, definition: JSON.parse(definition), problems: [] });
        }
        """;

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

    /// <summary>Three seconds of panning with fifty patches of twenty nodes a second.</summary>
    private const string PanUnderPatches = """
        () => new Promise(resolve => {
          const pane = document.querySelector("#canvas-under-load .react-flow__pane"), box = pane.getBoundingClientRect();
          let seq = 1000, at = 0, frames = 0;
          const timer = setInterval(() => {
            const n = [], e = [];
            for (let k = 0; k < 20; k++) { at = (at + 37) % 999; n.push([`set_${at + 1}`, ["running", "done", "waiting"][at % 3], at, null, at]); e.push([`e${at + 1}`, at % 2, at]); }
            canvas.status({ run: "load", seq: ++seq, n, e });
          }, 20);
          const end = performance.now() + 3000;
          const step = () => {
            frames++;
            pane.dispatchEvent(new WheelEvent("wheel", { deltaX: Math.sin(frames / 40) * 30, deltaY: Math.cos(frames / 25) * 12, clientX: box.width / 2, clientY: box.height / 2, bubbles: true, cancelable: true }));
            if (performance.now() < end) requestAnimationFrame(step); else { clearInterval(timer); resolve(frames); }
          };
          requestAnimationFrame(step);
        })
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
        await visitor.Page.EvaluateAsync<int>(PanUnderPatches);
        foreach (var (name, command) in ((string, string)[])[("at the size in which it opens", ""), ("at natural size", "zoomReset"), ("all in view", "fit")])
        {
            await visitor.Page.EvaluateAsync("name => canvas.command(name)", command);
            var trace = await ThreadTrace.StartAsync(visitor.Page);
            var frames = await visitor.Page.EvaluateAsync<int>(PanUnderPatches);
            var costs = (await trace.EndAsync()).Skip(1).Order().ToList();
            output.WriteLine($"{name}: {frames / 3} frames a second, script CPU a frame: mean {costs.Average():0.00} ms, median {costs[costs.Count / 2]:0.00}, p95 {costs[(int)(costs.Count * 0.95)]:0.00}, most {costs[^1]:0.00}");
            if (command != "fit")
            {
                (await visitor.Page.Locator("#canvas-under-load .step").CountAsync()).ShouldBeInRange(1, 60, "What is out of sight is not drawn.");
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
        var sent = new ConcurrentQueue<byte[]>();
        visitor.Page.WebSocket += (_, socket) => socket.FrameSent += (_, frame) => sent.Enqueue(frame.Binary ?? Encoding.UTF8.GetBytes(frame.Text ?? ""));
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.OpenAsync(workflow.Summary.Slug);
        await desk.Canvas.FocusAsync();
        await desk.Page.Keyboard.PressAsync("Control+a");
        await Assertions.Expect(desk.Page.Locator(".step.selected").First).ToBeVisibleAsync();
        // What the selection brought about is over when the server has heard it and nothing more is said.
        await Eventually.TrueAsync(async () =>
        {
            var before = Messages(sent);
            await desk.Page.WaitForTimeoutAsync(300);
            return Messages(sent) == before;
        });

        var node = (await desk.Nodes.First.BoundingBoxAsync())!;
        var (x, y) = (node.X + (node.Width / 2), node.Y + 12);
        await desk.Page.Mouse.MoveAsync(x, y);
        await desk.Page.Mouse.DownAsync();
        var still = Messages(sent);
        for (var step = 1; step <= 30; step++)
        {
            await desk.Page.Mouse.MoveAsync(x + (step * 4), y + (step * 2));
        }

        Messages(sent).ShouldBe(still, "Nothing goes to the server while nodes are dragged.");
        await desk.Page.Mouse.UpAsync();
        var draft = await desk.DraftAsync(draft => draft.Nodes[0].X > workflow.Draft.Nodes[0].X);

        var (dx, dy) = (draft.Nodes[0].X - workflow.Draft.Nodes[0].X, draft.Nodes[0].Y - workflow.Draft.Nodes[0].Y);
        draft.Nodes.Select(moved => (moved.X, moved.Y)).ShouldBe(workflow.Draft.Nodes.Select(old => (old.X + dx, old.Y + dy)));
        sent.Count(frame => frame.AsSpan().IndexOf("Commit"u8) >= 0).ShouldBe(1);
        await Assertions.Expect(desk.Saved).ToHaveTextAsync("Saved · revision 2");
        visitor.ShouldBeClean();
    }

    // The heartbeat of the connection is no message.
    private static int Messages(ConcurrentQueue<byte[]> sent) => sent.Count(frame => frame.Length > 3);

    private async Task<Visitor> LoadedAsync()
    {
        var visitor = await browser.VisitAsync(width: 1440, height: 900);
        await visitor.GoAsync("/workflows");
        var definition = JsonSerializer.Serialize(WorkflowDesk.Row("A thousand", 999), WorkflowJson.Compact.WorkflowDefinition);
        await visitor.Page.EvaluateAsync(Mount, new object[] { definition, browser.App.Services.GetRequiredService<NodeTypeTable>().Json });
        await Assertions.Expect(visitor.Page.Locator("#canvas-under-load .step").First).ToBeVisibleAsync();
        return visitor;
    }
}

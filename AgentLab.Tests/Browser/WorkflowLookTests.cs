using System.Text.Json;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace AgentLab.Tests.Browser;

/// <summary>How workflows look: open to all in both themes and widths, nothing over a node, nothing too faint, the canvas wide enough.</summary>
[Collection(BrowserTests.Name)]
public sealed class WorkflowLookTests(BrowserFixture browser, ITestOutputHelper output)
{
    /// <summary>The contrast of each text of the page with what lies behind it; those under 4.5 (3 for large ones).</summary>
    private const string FaintTexts = """
        root => {
          const parse = c => { const m = c.match(/[\d.]+/g).map(Number); return { r: m[0], g: m[1], b: m[2], a: m[3] ?? 1 }; };
          const over = (t, b) => ({ r: t.r * t.a + b.r * (1 - t.a), g: t.g * t.a + b.g * (1 - t.a), b: t.b * t.a + b.b * (1 - t.a), a: 1 });
          const light = c => { const f = v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }; return .2126 * f(c.r) + .7152 * f(c.g) + .0722 * f(c.b); };
          const behind = e => { const layers = []; for (let n = e; n; n = n.parentElement) { const c = parse(getComputedStyle(n).backgroundColor); if (c.a > 0) { layers.push(c); if (c.a === 1) break; } } return layers.reverse().reduce((b, t) => over(t, b), { r: 255, g: 255, b: 255, a: 1 }); };
          const faint = []; let least = 21;
          for (const e of document.querySelector(root).querySelectorAll("*")) {
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
            const s = getComputedStyle(e), box = e.getBoundingClientRect();
            if (box.width < 2 || box.height < 2 || s.visibility === "hidden" || e.closest(":disabled, [aria-disabled=true], .sr-only")) continue;
            const b = behind(e), t = over(parse(s.color), b), [x, y] = [light(t), light(b)].sort((p, q) => q - p), ratio = (x + .05) / (y + .05);
            least = Math.min(least, ratio);
            if (ratio < (parseFloat(s.fontSize) >= 24 ? 3 : 4.5)) faint.push(`${ratio.toFixed(2)} ${e.className}: ${e.textContent.trim().slice(0, 40)}`);
            if (parseFloat(s.fontSize) < 12) faint.push(`${s.fontSize} ${e.className}: ${e.textContent.trim().slice(0, 40)}`);
          }
          return [least.toFixed(2), ...faint];
        }
        """;

    /// <summary>What lies over a node that is no part of the canvas' own drawing of it.</summary>
    private const string Covered = """
        () => [...document.querySelectorAll(".canvas-area .react-flow__node .step")].filter(step => {
          const box = step.getBoundingClientRect(), pane = document.querySelector(".canvas-area").getBoundingClientRect();
          const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
          if (x < pane.left || x > pane.right || y < pane.top || y > pane.bottom) return false;
          return !document.elementFromPoint(x, y)?.closest(".react-flow__node");
        }).map(step => step.textContent)
        """;

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task WorkflowPages_InEveryThemeAndWidth_AreOpenToAll(ColorScheme scheme, int width)
    {
        var slug = await FinishedAsync();
        await using var visitor = await browser.VisitAsync(width: width, height: width == 390 ? 844 : 900, scheme: scheme);
        var (page, look) = (visitor.Page, $"{scheme.ToString().ToLowerInvariant()}-{width}");
        foreach (var (name, path, shows) in ((string, string, string)[])
            [("workflows", "/workflows", "Look at me"), ("runs", "/runs", "Runs")])
        {
            await visitor.GoAsync(path);
            await Assertions.Expect(page.GetByText(shows).First).ToBeVisibleAsync();
            await CheckAsync(visitor, name, look);
        }

        var desk = new WorkflowDesk(visitor, browser.App);
        foreach (var (name, query) in ((string, string)[])
            [("editor", ""), ("editor-add", "?panel=add"), ("editor-node", "?node=decide&panel=node"), ("editor-output", "?node=total&panel=node&tab=output"), ("editor-help", "?node=total&panel=node&tab=help"), ("editor-error", "?node=total&panel=node&tab=error"), ("editor-settings", "?panel=settings"), ("editor-history", "?panel=history")])
        {
            await desk.OpenAsync(slug, query);
            if (query.Length > 0)
            {
                await Assertions.Expect(desk.Dock).ToBeVisibleAsync();
            }

            await CheckAsync(visitor, name, look);
            var faint = await page.EvaluateAsync<string[]>(FaintTexts, ".desk");
            output.WriteLine($"{name}, {look}: least contrast of a text {faint[0]}");
            faint[1..].ShouldBeEmpty($"{name}, {look}");
        }

        await page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(desk.RunState).ToHaveTextAsync("Done");
        await CheckAsync(visitor, "editor-run", look);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Panels_OpenOrClosed_LeaveTheCanvasItsWidthAndItsNodesFree()
    {
        var slug = await FinishedAsync();
        foreach (var width in (int[])[1280, 1440, 1920])
        {
            await using var visitor = await browser.VisitAsync(width: width, height: 900);
            var desk = new WorkflowDesk(visitor, browser.App);
            await desk.OpenAsync(slug);
            (await desk.Page.EvaluateAsync<string[]>(Covered)).ShouldBeEmpty("Nothing floats over a node on load.");
            await desk.OpenAsync(slug, "?node=total&panel=node");
            await Assertions.Expect(desk.Dock).ToBeVisibleAsync();
            var (all, dock, canvas) = ((await desk.Page.Locator(".desk-body").BoundingBoxAsync())!, (await desk.Dock.BoundingBoxAsync())!, (await desk.Canvas.BoundingBoxAsync())!);
            output.WriteLine($"{width}: panel {dock.Width}, canvas {canvas.Width} = {canvas.Width / all.Width:P0}");
            dock.Width.ShouldBeInRange(400, 480);
            (canvas.Width / all.Width).ShouldBeGreaterThanOrEqualTo(0.55f);
            await Assertions.Expect(desk.Page.Locator(".step.selected")).ToBeVisibleAsync();
            await desk.ClearAsync(".step.selected", 24);
            visitor.ShouldBeClean();
        }
    }

    [Fact]
    public async Task Targets_OfTheEditor_AreLargeEnoughToHit()
    {
        var slug = await FinishedAsync();
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        foreach (var query in (string[])["", "?node=decide&panel=node", "?node=total&panel=node&tab=error", "?node=total&panel=node&tab=output", "?panel=settings", "?panel=add", "?panel=builder", "?panel=run", "?panel=history"])
        {
            await desk.OpenAsync(slug, query);
            var small = await desk.Page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll(".desk button, .desk select, .desk summary, .desk a.button")].filter(e => e.checkVisibility({ checkVisibilityCSS: true })).map(e => [e, e.getBoundingClientRect()])
                  .filter(([e, box]) => box.width > 0 && !e.closest(".react-flow__node, .react-flow__edge") && (box.height < 31.5 || box.width < 31.5))
                  .map(([e, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${e.className} ${e.textContent.trim().slice(0, 30)}`)
                """);
            small.ShouldBeEmpty(query);
        }

        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task CtrlEnterAndCtrlK_WorkFromEveryFocus()
    {
        var slug = await FinishedAsync();
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.OpenAsync(slug, "?node=total&panel=node");
        foreach (var focus in (ILocator[])[desk.Canvas, desk.Dock.GetByLabel("Name of the node"), desk.Page.GetByLabel("Name of the workflow"), desk.Page.GetByRole(AriaRole.Button, new() { Name = "Add node" })])
        {
            await focus.FocusAsync();
            await desk.Page.Keyboard.PressAsync("Control+k");
            await Assertions.Expect(desk.Page.GetByRole(AriaRole.Combobox, new() { Name = "Find or run" })).ToBeFocusedAsync();
            await desk.Page.Keyboard.PressAsync("Escape");
            await focus.FocusAsync();
            var before = desk.Page.Url;

            // While the run before goes on the keys do nothing.
            await Eventually.TrueAsync(async () =>
            {
                await desk.Page.Keyboard.PressAsync("Control+Enter");
                await desk.Page.WaitForTimeoutAsync(500);
                return desk.Page.Url != before;
            });
            await Assertions.Expect(desk.Page.Locator(".step.is-done").First).ToBeVisibleAsync();
            await Assertions.Expect(desk.Page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true })).ToBeVisibleAsync();
        }

        visitor.ShouldBeClean();
    }

    private static async Task CheckAsync(Visitor visitor, string name, string look)
    {
        await Assertions.Expect(visitor.Page.Locator(".skeleton")).ToHaveCountAsync(0);
        await visitor.ShootAsync($"{name}-{look}");
        await visitor.CheckAccessAsync($"{name}, {look}");
        (await visitor.ScrollsSidewaysAsync()).ShouldBeFalse($"{name}, {look}: the page scrolls sideways.");
    }

    // One workflow for all looks: branches, a note, a group, a published version, and a run.
    private async Task<string> FinishedAsync()
    {
        var app = browser.App;
        var store = app.Services.GetRequiredService<IWorkflowStore>();
        var actor = await BrowserFixture.AdministratorAsync(app);
        if (await store.FindAsync("look-at-me", actor, CancellationToken.None) is { } there)
        {
            return there.Summary.Slug;
        }

        var made = await WorkflowDesk.MakeAsync(app, Sample());
        (await store.PublishAsync(made.Id, made.Revision, "The first version", actor, CancellationToken.None)).Ok.ShouldBeTrue();
        return made.Summary.Slug;
    }

    private static WorkflowDefinition Sample() => new()
    {
        Name = "Look at me",
        Description = "Adds up an order and decides what to do with it.",
        Tags = ["orders", "look"],
        Input = JsonElement.Parse("""{"type":"object","properties":{"order":{"type":"string","title":"Order","description":"Its number.","default":"A-17"},"urgent":{"type":"boolean","title":"Urgent"}}}"""),
        Nodes =
        [
            new() { Id = "start", Kind = "manual_trigger", Name = "Start by hand" },
            new() { Id = "total", Kind = "set_values", Name = "Add up the order", X = 336, Settings = JsonElement.Parse("""{"values":[{"name":"total","value":120},{"name":"country","value":"DE"}],"keep":true}""") },
            new() { Id = "decide", Kind = "condition", Name = "Is it large?", X = 672, Settings = JsonElement.Parse("""{"condition":{"all":[{"left":"{{data.total}}","operator":"greater","right":100},{"left":"{{data.country}}","operator":"in","right":["DE","AT"]}]}}""") },
            new() { Id = "large", Kind = "set_values", Name = "Ask for a discount", X = 1008, Y = -96, Settings = WorkflowDesk.Values("discount", "{{data.total}}") },
            new() { Id = "small", Kind = "set_values", Name = "Send it as it is", X = 1008, Y = 96, Settings = WorkflowDesk.Values("sent", "true") },
        ],
        Edges = [new("e1", "start", "out", "total", "in"), new("e2", "total", "out", "decide", "in"), new("e3", "decide", "true", "large", "in"), new("e4", "decide", "false", "small", "in")],
        Notes = [new("n1", "**Discounts** are decided by people later on.", 1008, -256, 240, 112)],
    };
}

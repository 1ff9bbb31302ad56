using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AgentLab.Core.Workflows.Definition;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

/// <summary>A part of a workflow: one node run alone, a run from a node on, an output that is pinned; and its picture in a file.</summary>
[Collection(BrowserTests.Name)]
public sealed class WorkflowPartTests(BrowserFixture browser)
{
    [Fact]
    public async Task Node_RunAlone_RunsNoOther_AndTakesTheValuesOfTheRunBefore()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, Copying("Alone"));
        await RunAllAsync(desk);
        await desk.Node("Copy").ClickAsync();
        await PressToolAsync(desk, "Run this node alone");
        await Assertions.Expect(Done(desk)).ToHaveTextAsync(["Start", "First", "Copy"]);
        await Assertions.Expect(desk.Node("First").Locator(".step-status")).ToHaveAttributeAsync("title", new Regex("From the earlier run"));
        await Assertions.Expect(desk.Node("Copy").Locator(".step-status")).Not.ToHaveAttributeAsync("title", new Regex("From the earlier run"));
        await Assertions.Expect(desk.Dock.Locator(".value-view").First).ToContainTextAsync("one");

        await desk.Node("Copy").DblClickAsync();
        await desk.Dock.Locator("summary[aria-label='Run this node']").ClickAsync();
        await desk.Dock.GetByRole(AriaRole.Button, new() { Name = "This node alone" }).ClickAsync();
        await Assertions.Expect(desk.Dock.GetByRole(AriaRole.Tab, new() { Name = "Output" })).ToHaveAttributeAsync("aria-selected", "true");
        await Assertions.Expect(desk.Dock.Locator(".value-view").First).ToContainTextAsync("one");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Run_FromANodeOn_TakesWhatIsPinnedBeforeIt()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, Copying("From here"));
        await RunAllAsync(desk);
        await desk.Node("First").ClickAsync();
        await desk.PressAsync("p");
        await desk.DraftAsync(draft => draft.Nodes[1].Pinned is { } pinned && pinned.GetRawText().Contains("one", StringComparison.Ordinal));
        await Assertions.Expect(desk.Node("First").GetByRole(AriaRole.Img, new() { Name = "Output is pinned" })).ToBeVisibleAsync();

        // What is pinned can be written anew.
        await desk.Node("First").DblClickAsync();
        await desk.Dock.GetByRole(AriaRole.Tab, new() { Name = "Output" }).ClickAsync();
        await desk.Dock.GetByRole(AriaRole.Region, new() { Name = "Pinned output" }).GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await desk.Dock.GetByLabel("Pinned output as JSON").FillAsync("""{"v":"pinned by hand"}""");
        await desk.Dock.GetByRole(AriaRole.Button, new() { Name = "Pin this" }).ClickAsync();
        await desk.DraftAsync(draft => draft.Nodes[1].Pinned is { } pinned && pinned.GetRawText().Contains("by hand", StringComparison.Ordinal));
        await visitor.ShootAsync("part-pinned");

        await desk.Node("Copy").ClickAsync();
        await PressToolAsync(desk, "Run from here");
        await Assertions.Expect(desk.Node("First").Locator(".step-status")).ToHaveAttributeAsync("title", new Regex("Pinned"));
        await Assertions.Expect(Done(desk)).ToHaveCountAsync(4);
        await desk.Node("Copy").DblClickAsync();
        await desk.Dock.GetByRole(AriaRole.Tab, new() { Name = "Output" }).ClickAsync();
        await Assertions.Expect(desk.Dock.Locator(".value-view").First).ToContainTextAsync("pinned by hand");

        await desk.Node("First").ClickAsync();
        await desk.PressAsync("p");
        await desk.DraftAsync(draft => draft.Nodes[1].Pinned is null);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Pin_OfANodeThatHasNotRun_SaysWhatToDoAndOpensItsOutput()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, Copying("Nothing to pin"));
        await desk.Node("First").ClickAsync();
        await PressToolAsync(desk, "Pin its output (P)");
        await Assertions.Expect(desk.Page.Locator(".desk-notice")).ToContainTextAsync("First has no output to pin yet.");
        await Assertions.Expect(desk.Dock.GetByRole(AriaRole.Tab, new() { Name = "Output" })).ToHaveAttributeAsync("aria-selected", "true");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Picture_AsSvg_IsAWholeDocumentWithoutScriptOrReference()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, Hostile("Drawn as SVG"));
        var (name, bytes) = await ExportAsync(desk, "SVG");
        name.ShouldBe("Drawn-as-SVG.svg");
        var svg = XDocument.Parse(Encoding.UTF8.GetString(bytes)).Root!;
        svg.Name.LocalName.ShouldBe("svg");
        svg.Descendants().Select(element => element.Name.LocalName).Distinct().ShouldBeSubsetOf(["title", "rect", "g", "path", "text", "tspan", "circle"]);
        svg.Descendants().SelectMany(element => element.Attributes()).ShouldNotContain(attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase) || attribute.Name.LocalName == "href" || attribute.Value.Contains("url(", StringComparison.OrdinalIgnoreCase));
        svg.Value.ShouldContain("<script>alert(1)");
        // It can be looked at by itself, and nothing in it runs.
        await desk.Page.SetContentAsync($"<img src='data:image/svg+xml;base64,{Convert.ToBase64String(bytes)}'>");
        await desk.Page.WaitForFunctionAsync("document.images[0].complete && document.images[0].naturalWidth > 400");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Picture_AsPng_IsAPictureOfItsSize()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, Hostile("Drawn as PNG"));
        var (name, bytes) = await ExportAsync(desk, "PNG");
        name.ShouldBe("Drawn-as-PNG.png");
        bytes.AsSpan(0, 8).ToArray().ShouldBe([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20)));
        // Twice the size of what is drawn, so that it can be put into a document.
        (width, height).ShouldBe((2 * (256 + 336 + 96), 2 * (240 + 96)));
        bytes.Length.ShouldBeGreaterThan(5_000);
        if (Environment.GetEnvironmentVariable("AGENTLAB_TEST_SHOTS") is { Length: > 0 } folder)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "part-picture.png"), bytes);
        }

        visitor.ShouldBeClean();
    }

    private static WorkflowDefinition Copying(string name) => new()
    {
        Name = name,
        Nodes =
        [
            new() { Id = "start", Kind = "manual_trigger", Name = "Start" },
            new() { Id = "first", Kind = "set_values", Name = "First", X = 336, Settings = WorkflowDesk.Values("v", "one") },
            new() { Id = "copy", Kind = "set_values", Name = "Copy", X = 672, Settings = WorkflowDesk.Values("copied", "{{nodes.first.v}}") },
            new() { Id = "last", Kind = "set_values", Name = "Last", X = 1008, Settings = WorkflowDesk.Values("end", "yes") },
        ],
        Edges = [new("e1", "start", "out", "first", "in"), new("e2", "first", "out", "copy", "in"), new("e3", "copy", "out", "last", "in")],
    };

    private static WorkflowDefinition Hostile(string name)
    {
        var row = WorkflowDesk.Row(name, 1);
        return row with
        {
            Nodes = [row.Nodes[0], row.Nodes[1] with { Name = "<script>alert(1)</script>" }],
            Notes = [new("n", "<img src=x onerror=alert(1)> ]]> &", 0, 128, 240, 112)],
        };
    }

    private static ILocator Done(WorkflowDesk desk) => desk.Page.Locator(".step.is-done .step-name");

    private static async Task RunAllAsync(WorkflowDesk desk)
    {
        await desk.PressAsync("Control+Enter");
        await Assertions.Expect(desk.RunState).ToHaveTextAsync("Done");
        await Assertions.Expect(Done(desk)).ToHaveCountAsync(4);
    }

    private static Task PressToolAsync(WorkflowDesk desk, string tool) => desk.Page.Locator(".step-tools").GetByRole(AriaRole.Button, new() { Name = tool }).ClickAsync();

    private static async Task<(string Name, byte[] Bytes)> ExportAsync(WorkflowDesk desk, string format)
    {
        await desk.Page.Locator("summary[aria-label=More]").ClickAsync();
        var download = await desk.Page.RunAndWaitForDownloadAsync(() => desk.Page.GetByRole(AriaRole.Button, new() { Name = $"Export as picture ({format})" }).ClickAsync());
        await using var content = await download.CreateReadStreamAsync();
        using var memory = new MemoryStream();
        await content.CopyToAsync(memory);
        return (download.SuggestedFilename, memory.ToArray());
    }

    private Task<Visitor> VisitAsync() => browser.VisitAsync(width: 1440, height: 900);

    private Task<WorkflowDesk> DeskAsync(Visitor visitor, WorkflowDefinition definition) => WorkflowDesk.OpenAsync(visitor, browser.App, definition, "?panel=none");
}

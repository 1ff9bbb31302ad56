using AgentLab.Core.Workflows.Definition;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

/// <summary>Each key of the canvas, from where people press it, and what it says to those who do not see it.</summary>
[Collection(BrowserTests.Name)]
public sealed class WorkflowKeyTests(BrowserFixture browser)
{
    [Fact]
    public async Task Arrows_WalkTheConnections_AndSayWhereOneIs()
    {
        await using var visitor = await VisitAsync();
        var row = WorkflowDesk.Row("Walked", 2);
        var fork = row with
        {
            Nodes = [.. row.Nodes, new() { Id = "other", Kind = "limit", Name = "Other", X = 672, Y = 160 }],
            Edges = [.. row.Edges, new WorkflowEdge("e3", "set_1", "out", "other", "in")],
        };
        var desk = await DeskAsync(visitor, fork);
        // Nobody has clicked anywhere yet: the focus is where the page put it.
        foreach (var (key, at) in ((string, string)[])[("Home", "Start"), ("ArrowRight", "Set 1"), ("ArrowRight", "Set 2"), ("ArrowDown", "Other"), ("ArrowLeft", "Set 1"), ("End", "Other"), ("ArrowUp", "Set 2")])
        {
            await desk.PressAsync(key);
            await Assertions.Expect(desk.Said).ToContainTextAsync($"{at}, ");
            await Assertions.Expect(Selected(desk)).ToHaveTextAsync(at);
        }

        await desk.PressAsync("ArrowLeft");
        await Assertions.Expect(desk.Said).ToHaveTextAsync("Set 1, Set values, leads to Set 2, Other.");
        await desk.PressAsync("Shift+ArrowRight");
        await Assertions.Expect(Selected(desk)).ToHaveTextAsync(["Set 1", "Set 2", "Other"]);
        await desk.PressAsync("Shift+ArrowLeft");
        await Assertions.Expect(Selected(desk)).ToHaveCountAsync(4);
        await desk.PressAsync("Escape");
        await Assertions.Expect(Selected(desk)).ToHaveCountAsync(0);
        await desk.PressAsync("Control+a");
        await Assertions.Expect(desk.Said).ToHaveTextAsync("4 nodes selected.");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Letters_FromEveryFocusWhereNobodyTypes_WorkOnTheCanvas()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, WorkflowDesk.Row("Letters everywhere", 2), "?node=set_1&panel=node");
        await Assertions.Expect(Selected(desk)).ToHaveTextAsync("Set 1");
        var off = false;
        foreach (var focus in (ILocator[])[desk.Page.Locator("h1"), desk.Canvas, desk.Page.GetByRole(AriaRole.Button, new() { Name = "Builder" }), desk.Dock.GetByRole(AriaRole.Tab, new() { Name = "On error" })])
        {
            await focus.FocusAsync();
            await desk.PressAsync("d");
            off = !off;
            await desk.DraftAsync(draft => draft.Nodes[1].Disabled == off);
            await desk.PressAsync("n");
            await Assertions.Expect(desk.Picker.Locator("input")).ToBeFocusedAsync();
            await desk.PressAsync("Escape");
            await Assertions.Expect(desk.Canvas).ToBeFocusedAsync();
        }

        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Rename_InPlace_KeepsOrLeavesTheName()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, WorkflowDesk.Row("Renamed", 1));
        await desk.PressAsync("End", "F2");
        await Assertions.Expect(desk.Page.Locator(".name-field")).ToBeFocusedAsync();
        await desk.TypeAsync("dnp");
        await desk.PressAsync("Escape");
        await Assertions.Expect(Selected(desk)).ToHaveTextAsync("Set 1");
        await desk.PressAsync("F2");
        await desk.TypeAsync("A better name");
        await desk.PressAsync("Enter");
        await desk.DraftAsync(draft => draft.Nodes[1].Name == "A better name");
        await Assertions.Expect(desk.Saved).ToHaveTextAsync("Saved · revision 2");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Connect_ByKeys_ChoosesTheOutputAndTheTarget_AndTakesTheConnectionAwayAgain()
    {
        await using var visitor = await VisitAsync();
        var row = WorkflowDesk.Row("Connected by keys", 1);
        var loose = row with
        {
            Nodes = [.. row.Nodes, new() { Id = "ask", Kind = "approval", Name = "Ask", X = 672, Settings = WorkflowDesk.Json("""{"title":"Go on?"}""") }, new() { Id = "go", Kind = "limit", Name = "Go", X = 1008 }],
            Edges = [.. row.Edges, new WorkflowEdge("e2", "set_1", "out", "ask", "in")],
        };
        var desk = await DeskAsync(visitor, loose);
        await desk.Node("Ask").ClickAsync();
        await ConnectAsync();
        var draft = await desk.DraftAsync(draft => draft.Edges.Count == 3);
        (draft.Edges[2].From, draft.Edges[2].FromPort, draft.Edges[2].To).ShouldBe(("ask", "approved", "go"));
        await ConnectAsync();
        await desk.DraftAsync(draft => draft.Edges.Count == 2);
        visitor.ShouldBeClean();

        async Task ConnectAsync()
        {
            await desk.PressAsync("c");
            await Assertions.Expect(desk.Picker).ToContainTextAsync("Which output of Ask?");
            await desk.TypeAsync("appr");
            await desk.PressAsync("Enter");
            await Assertions.Expect(desk.Picker).ToContainTextAsync("Connect Ask to");
            await desk.TypeAsync("go");
            await desk.PressAsync("Enter");
            await Assertions.Expect(desk.Canvas).ToBeFocusedAsync();
        }
    }

    [Fact]
    public async Task Insert_ByKeys_GoesIntoTheConnectionBehindTheNode()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, WorkflowDesk.Row("Inserted", 1));
        await desk.PressAsync("Home", "i");
        await desk.TypeAsync("limit");
        await desk.PressAsync("Enter");
        var draft = await desk.DraftAsync(draft => draft.Nodes.Count == 3);
        draft.Edges.Select(edge => (edge.From, edge.To)).ShouldBe([("start", "limit"), ("limit", "set_1")], ignoreOrder: true);
        // Tab offers a node behind the one that is selected; with nothing selected it leaves the canvas, as everywhere.
        await desk.PressAsync("Tab");
        await Assertions.Expect(desk.Picker.Locator("input")).ToBeFocusedAsync();
        await desk.PressAsync("Escape", "Escape", "Tab");
        await Assertions.Expect(desk.Picker).ToHaveCountAsync(0);
        await Assertions.Expect(desk.Canvas).Not.ToBeFocusedAsync();
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Outline_ListsTheNodesInTheirOrder_AndTakesTheSameKeys()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, WorkflowDesk.Row("Outlined", 3));
        await desk.PressAsync("o");
        var rows = desk.Page.GetByRole(AriaRole.Tree, new() { Name = "Outline" }).GetByRole(AriaRole.Treeitem);
        await Assertions.Expect(rows.Locator("b")).ToHaveTextAsync(["Start", "Set 1", "Set 2", "Set 3"]);
        await rows.First.FocusAsync();
        await desk.PressAsync("ArrowDown", "ArrowDown");
        await Assertions.Expect(rows.Nth(2)).ToBeFocusedAsync();
        await Assertions.Expect(Selected(desk)).ToHaveTextAsync("Set 2");
        await desk.PressAsync("Delete");
        await desk.DraftAsync(draft => draft.Nodes.Count == 3 && draft.Edges.Any(edge => edge is { From: "set_1", To: "set_3" }));
        await Assertions.Expect(rows).ToHaveCountAsync(3);
        await visitor.CheckAccessAsync("outline");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task QuestionMark_ListsTheKeysOfTheCanvas_WhichLeadToThoseOfEveryPage()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, WorkflowDesk.Row("Keys", 1));
        await desk.Canvas.FocusAsync();
        await desk.PressAsync("?");
        var keys = desk.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keys on the canvas" });
        await Assertions.Expect(keys).ToBeVisibleAsync();
        await visitor.ShootAsync("canvas-keys");
        await visitor.CheckAccessAsync("keys of the canvas");
        await keys.GetByRole(AriaRole.Button, new() { Name = "Keys of every page" }).ClickAsync();
        await Assertions.Expect(desk.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard shortcuts" })).ToBeVisibleAsync();
        await desk.PressAsync("Escape", "Escape");
        await Assertions.Expect(desk.Page.Locator("dialog[open]")).ToHaveCountAsync(0);
        await Assertions.Expect(desk.Canvas).ToBeFocusedAsync();
        visitor.ShouldBeClean();
    }

    private static ILocator Selected(WorkflowDesk desk) => desk.Page.Locator(".step.selected .step-name");

    private Task<Visitor> VisitAsync() => browser.VisitAsync(width: 1440, height: 900);

    private Task<WorkflowDesk> DeskAsync(Visitor visitor, WorkflowDefinition definition, string query = "?panel=none") => WorkflowDesk.OpenAsync(visitor, browser.App, definition, query);
}

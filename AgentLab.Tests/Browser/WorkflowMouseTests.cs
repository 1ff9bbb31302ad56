using AgentLab.Core.Workflows.Definition;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

/// <summary>What the hand does on the canvas: kinds and ports are dragged, connections opened, nodes dropped into them, boxes drawn, the picture moved.</summary>
[Collection(BrowserTests.Name)]
public sealed class WorkflowMouseTests(BrowserFixture browser)
{
    [Fact]
    public async Task Palette_KindDroppedBesideANode_StandsThereAndFollowsIt()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, WorkflowDesk.Row("Dropped beside", 0), "?panel=add");
        await desk.Node("Start").HoverAsync(new() { Trial = true });
        var start = (await desk.Node("Start").BoundingBoxAsync())!;
        await DropKindAsync(desk, "limit", new(start.X + (start.Width * 1.65f), start.Y + (start.Height * 2.5f)));

        var draft = await desk.DraftAsync(draft => draft.Nodes.Count == 2);
        var added = draft.Nodes[1];
        added.Kind.ShouldBe("limit");
        // Its middle is where the pointer was, as near as the grid allows.
        (added.X, added.Y).ShouldBe((288, 160));
        Ways(draft).ShouldBe([("start", added.Id)]);
        // Far from every open output it stands alone.
        await desk.PressAsync("Control+z");
        await desk.DraftAsync(draft => draft.Nodes.Count == 1);
        await DropKindAsync(desk, "limit", new(start.X - (start.Width * 0.1f), start.Y + (start.Height * 3)));
        (await desk.DraftAsync(draft => draft.Nodes.Count == 2)).Edges.ShouldBeEmpty();
        await visitor.ShootAsync("mouse-palette");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Palette_KindDroppedOnAConnection_GoesIntoIt()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, WorkflowDesk.Row("Dropped into", 2), "?panel=add");
        var (from, to) = (await WorkflowDesk.MiddleAsync(desk.Port("start", "out")), await WorkflowDesk.MiddleAsync(desk.Port("set_1", "in", output: false)));
        await DropKindAsync(desk, "limit", new((from.X + to.X) / 2, from.Y));

        var draft = await desk.DraftAsync(draft => draft.Nodes.Count == 4);
        Ways(draft).ShouldBe([("start", draft.Nodes[3].Id), (draft.Nodes[3].Id, "set_1"), ("set_1", "set_2")], ignoreOrder: true);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Palette_FirstKindDroppedOnAnEmptyCanvas_StandsWhereItWasDropped()
    {
        await using var visitor = await VisitAsync();
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.NewAsync();
        await Assertions.Expect(desk.Kind("manual_trigger")).ToBeVisibleAsync();
        var canvas = (await desk.Canvas.BoundingBoxAsync())!;
        await DropKindAsync(desk, "manual_trigger", new(canvas.X + 200, canvas.Y + 160));

        var draft = await desk.DraftAsync(draft => draft.Nodes.Count == 1);
        draft.Nodes[0].Kind.ShouldBe("manual_trigger");
        await Assertions.Expect(desk.Nodes).ToHaveCountAsync(1);
        visitor.ShouldBeClean();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Port_DraggedIntoNothing_OpensTheListThereAndWiresWhatIsChosen(bool output)
    {
        await using var visitor = await VisitAsync();
        var definition = WorkflowDesk.Row($"Into nothing {output}", 2);
        var desk = await DeskAsync(visitor, definition with { Edges = [definition.Edges[0]] }, "?panel=none");
        var port = await WorkflowDesk.MiddleAsync(desk.Port(output ? "start" : "set_2", output ? "out" : "in", output));
        var drop = port + (output ? 60 : -60, 170);
        await desk.DragAsync(port, drop);

        await Assertions.Expect(desk.Picker.Locator("input")).ToBeFocusedAsync();
        await Assertions.Expect(desk.Picker).ToContainTextAsync(output ? "Add a node after Start" : "Add a node before Set 2");
        var list = (await desk.Picker.BoundingBoxAsync())!;
        (list.X - drop.X).ShouldBeInRange(0, 32);
        // What has no input cannot follow, what has no output cannot lead.
        await Assertions.Expect(desk.Picker.GetByText(output ? "Start by hand" : "Stop", new() { Exact = true })).ToHaveCountAsync(0);
        await visitor.ShootAsync($"mouse-port-{(output ? "output" : "input")}");
        await desk.TypeAsync("limit");
        await desk.PressAsync("Enter");

        var draft = await desk.DraftAsync(draft => draft.Nodes.Count == 4);
        var added = draft.Nodes[3].Id;
        Ways(draft).ShouldContain(output ? ("start", added) : (added, "set_2"));
        draft.Edges.Count.ShouldBe(2);
        await Assertions.Expect(desk.Canvas).ToBeFocusedAsync();
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Port_DraggedToAnother_ConnectsUnlessItWouldMakeACircle()
    {
        await using var visitor = await VisitAsync();
        var definition = WorkflowDesk.Row("Wired by hand", 2);
        var desk = await DeskAsync(visitor, definition with { Edges = [definition.Edges[0]] }, "?panel=none");
        await desk.DragAsync(await WorkflowDesk.MiddleAsync(desk.Port("set_1", "out")), await WorkflowDesk.MiddleAsync(desk.Port("set_2", "in", output: false)));
        await desk.DraftAsync(draft => Ways(draft).Contains(("set_1", "set_2")));

        await desk.DragAsync(await WorkflowDesk.MiddleAsync(desk.Port("set_2", "out")), await WorkflowDesk.MiddleAsync(desk.Port("set_1", "in", output: false)));
        await Assertions.Expect(desk.Picker).ToHaveCountAsync(0);
        await desk.PressAsync("Control+z");
        var draft = await desk.DraftAsync(draft => draft.Edges.Count == 1);
        Ways(draft).ShouldBe([("start", "set_1")]);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Connection_ItsEndDraggedToAnotherNode_LeadsThere()
    {
        await using var visitor = await VisitAsync();
        // Far enough from each other that there is more to press than the ports and the plus.
        var definition = WorkflowDesk.Row("Led elsewhere", 2);
        var desk = await DeskAsync(visitor, definition with { Nodes = [.. definition.Nodes.Select(node => node with { X = node.X * 5 / 4 })], Edges = [definition.Edges[0]] }, "?panel=none");
        var (from, to) = (await WorkflowDesk.MiddleAsync(desk.Port("start", "out")), await WorkflowDesk.MiddleAsync(desk.Port("set_1", "in", output: false)));
        await desk.Page.Mouse.ClickAsync(from.X + ((to.X - from.X) * 0.3f), from.Y);
        await Assertions.Expect(desk.Page.Locator(".wire.selected")).ToHaveCountAsync(1);
        await desk.DragAsync(await WorkflowDesk.MiddleAsync(desk.Page.Locator(".react-flow__edgeupdater-target")), await WorkflowDesk.MiddleAsync(desk.Port("set_2", "in", output: false)));

        var draft = await desk.DraftAsync(draft => Ways(draft).Contains(("start", "set_2")));
        draft.Edges.Count.ShouldBe(1);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Connection_ItsPlus_InsertsANodeAndMakesRoomForIt()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, WorkflowDesk.Row("Plus", 2), "?panel=none");
        var (from, to) = (await WorkflowDesk.MiddleAsync(desk.Port("start", "out")), await WorkflowDesk.MiddleAsync(desk.Port("set_1", "in", output: false)));
        await desk.Page.Mouse.MoveAsync((from.X + to.X) / 2, from.Y);
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Insert a node between Start and Set 1" }).ClickAsync();
        await desk.TypeAsync("limit");
        await desk.PressAsync("Enter");

        var draft = await desk.DraftAsync(draft => draft.Nodes.Count == 4);
        Ways(draft).ShouldBe([("start", draft.Nodes[3].Id), (draft.Nodes[3].Id, "set_1"), ("set_1", "set_2")], ignoreOrder: true);
        Apart(draft);
        await visitor.ShootAsync("mouse-plus");
        await desk.PressAsync("Control+z");
        Ways(await desk.DraftAsync(draft => draft.Nodes.Count == 3)).ShouldBe([("start", "set_1"), ("set_1", "set_2")], ignoreOrder: true);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task OpenOutput_ItsPlus_AddsANodeBehindIt()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, WorkflowDesk.Row("Open end", 1), "?panel=none");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Add a node after Set 1" }).ClickAsync();
        await desk.Picker.GetByText("Respond", new() { Exact = true }).ClickAsync();
        var draft = await desk.DraftAsync(draft => draft.Nodes.Count == 3);
        Ways(draft).ShouldContain(("set_1", draft.Nodes[2].Id));
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task LooseNode_DroppedOnAConnection_GoesIntoIt()
    {
        await using var visitor = await VisitAsync();
        var definition = WorkflowDesk.Row("Spliced", 2);
        var desk = await DeskAsync(visitor, definition with { Nodes = [.. definition.Nodes, new() { Id = "loose", Kind = "limit", Name = "Loose", X = 160, Y = 240 }] }, "?panel=none");
        var (from, to) = (await WorkflowDesk.MiddleAsync(desk.Port("set_1", "out")), await WorkflowDesk.MiddleAsync(desk.Port("set_2", "in", output: false)));
        var node = await WorkflowDesk.MiddleAsync(desk.Node("Loose"));
        await desk.Page.Mouse.MoveAsync(node.X, node.Y);
        await desk.Page.Mouse.DownAsync();
        await desk.Page.Mouse.MoveAsync((from.X + to.X) / 2, from.Y, new() { Steps = 10 });
        // The connection shows that it would take the node.
        await Assertions.Expect(desk.Page.Locator(".wire.spliced")).ToHaveCountAsync(1);
        await visitor.ShootAsync("mouse-splice");
        await desk.Page.Mouse.UpAsync();

        var draft = await desk.DraftAsync(draft => draft.Edges.Count == 3);
        Ways(draft).ShouldBe([("start", "set_1"), ("set_1", "loose"), ("loose", "set_2")], ignoreOrder: true);
        Apart(draft);
        visitor.ShouldBeClean();
    }

    private static void Apart(WorkflowDefinition draft) =>
        draft.Nodes.SelectMany(one => draft.Nodes.Where(other => other != one && Math.Abs(one.X - other.X) < 256 && Math.Abs(one.Y - other.Y) < 80).Select(other => $"{one.Id} over {other.Id}")).ShouldBeEmpty();

    private static IEnumerable<(string, string)> Ways(WorkflowDefinition draft) => draft.Edges.Select(edge => (edge.From, edge.To));

    private static async Task DropKindAsync(WorkflowDesk desk, string kind, Point at)
    {
        await desk.Kind(kind).ScrollIntoViewIfNeededAsync();
        await desk.DragAsync(await WorkflowDesk.MiddleAsync(desk.Kind(kind)), at);
    }

    private Task<Visitor> VisitAsync() => browser.VisitAsync(width: 1440, height: 900);

    private Task<WorkflowDesk> DeskAsync(Visitor visitor, WorkflowDefinition definition, string query) => WorkflowDesk.OpenAsync(visitor, browser.App, definition, query);
}

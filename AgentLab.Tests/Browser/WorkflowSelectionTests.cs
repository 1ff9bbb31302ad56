using AgentLab.Core.Workflows.Definition;
using AgentLab.Tests.Api;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

/// <summary>Many nodes at once and the picture itself: boxes, groups, notes, the clipboard, order, pan and zoom.</summary>
[Collection(BrowserTests.Name)]
public sealed class WorkflowSelectionTests(BrowserFixture browser)
{
    [Fact]
    public async Task Box_DrawnRoundNodes_SelectsThemAndOneDragMovesThemTogether()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, WorkflowDesk.Row("Boxed", 2));
        await desk.Node("Set 2").HoverAsync(new() { Trial = true });
        var (first, last) = ((await desk.Node("Set 1").BoundingBoxAsync())!, (await desk.Node("Set 2").BoundingBoxAsync())!);
        await desk.DragAsync(new(first.X - 20, first.Y - 60), new(last.X + 40, last.Y + 120));
        await Assertions.Expect(desk.Page.Locator(".step.selected .step-name")).ToHaveTextAsync(["Set 1", "Set 2"]);

        await desk.DragAsync(await WorkflowDesk.MiddleAsync(desk.Node("Set 1")), await WorkflowDesk.MiddleAsync(desk.Node("Set 1")) + (0, 160));
        var draft = await desk.DraftAsync(draft => draft.Nodes[1].Y != 0);
        draft.Nodes.Select(node => node.Y).ShouldBe([0, draft.Nodes[1].Y, draft.Nodes[1].Y]);
        draft.Nodes.Select(node => node.X).ShouldBe([0, 336, 672]);
        await Assertions.Expect(desk.Saved).ToHaveTextAsync("Saved · revision 2");

        // Shift with a click takes one out again, and another in.
        await desk.Node("Set 2").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await desk.Node("Start").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Assertions.Expect(desk.Page.Locator(".step.selected .step-name")).ToHaveTextAsync(["Start", "Set 1"]);
        await desk.PressAsync("Escape");
        await Assertions.Expect(desk.Page.Locator(".step.selected")).ToHaveCountAsync(0);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Picture_DraggedAndTurned_MovesAndCommitsNothing()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, WorkflowDesk.Row("Panned", 2));
        var canvas = (await desk.Canvas.BoundingBoxAsync())!;
        var place = new Point(canvas.X + 200, canvas.Y + 120);
        await desk.Canvas.FocusAsync();

        var before = await desk.ViewAsync();
        await desk.Page.Mouse.MoveAsync(place.X, place.Y);
        await TurnAsync(view => view.Y < before.Y && view.Zoom == before.Zoom);
        await desk.Page.Keyboard.DownAsync("Control");
        await TurnAsync(view => view.Zoom < before.Zoom);
        await desk.Page.Keyboard.UpAsync("Control");

        await desk.Page.Keyboard.DownAsync("Space");
        await Assertions.Expect(desk.Page.Locator(".react-flow__pane.draggable")).ToHaveCountAsync(1);
        await desk.PanAsync(place, 60, MouseButton.Left);
        await desk.Page.Keyboard.UpAsync("Space");
        await Assertions.Expect(desk.Page.Locator(".step.selected, .react-flow__selection")).ToHaveCountAsync(0);
        await desk.PanAsync(place + (300, 0), -60, MouseButton.Middle);

        await desk.PressAsync("0");
        await Assertions.Expect(desk.Page.Locator(".controls .percent")).ToHaveTextAsync("100 %");
        await desk.PressAsync("+");
        await Assertions.Expect(desk.Page.Locator(".controls .percent")).ToHaveTextAsync("125 %");
        await desk.PressAsync("-", "-");
        await Assertions.Expect(desk.Page.Locator(".controls .percent")).ToHaveTextAsync("80 %");
        await desk.PressAsync("1");
        await desk.ClearAsync(".react-flow__node:last-child .step", 24);
        await Assertions.Expect(desk.Saved).ToHaveTextAsync("Saved · revision 1");
        visitor.ShouldBeClean();

        Task TurnAsync(Func<Viewport, bool> wanted) => Eventually.TrueAsync(async () =>
        {
            await desk.Page.Mouse.WheelAsync(0, 40);
            return wanted(await desk.ViewAsync());
        });
    }

    [Fact]
    public async Task OverviewMap_Pressed_ShowsThatPlace()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, WorkflowDesk.Row("Overview", 12));
        await desk.PressAsync("0");
        var map = (await desk.Page.Locator(".minimap").BoundingBoxAsync())!;
        await desk.Page.Mouse.ClickAsync(map.X + map.Width - 20, map.Y + (map.Height / 2));
        await Assertions.Expect(desk.Node("Set 12")).ToBeInViewportAsync();
        await desk.PressAsync("m");
        await Assertions.Expect(desk.Page.Locator(".minimap")).ToBeHiddenAsync();
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task MiddleNode_Deleted_ConnectsItsNeighbours()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, Wide(WorkflowDesk.Row("Bridged", 3)));
        await desk.Node("Set 2").ClickAsync();
        await desk.PressAsync("Delete");
        Ways(await desk.DraftAsync(draft => draft.Nodes.Count == 3)).ShouldBe([("start", "set_1"), ("set_1", "set_3")], ignoreOrder: true);
        await Assertions.Expect(desk.Said).ToHaveTextAsync("Delete Set 2.");
        await desk.PressAsync("Control+z");
        Ways(await desk.DraftAsync(draft => draft.Nodes.Count == 4)).ShouldBe([("start", "set_1"), ("set_1", "set_2"), ("set_2", "set_3")], ignoreOrder: true);

        // A connection goes by itself.
        var (from, to) = (await WorkflowDesk.MiddleAsync(desk.Port("start", "out")), await WorkflowDesk.MiddleAsync(desk.Port("set_1", "in", output: false)));
        await desk.Page.Mouse.ClickAsync(from.X + ((to.X - from.X) * 0.3f), from.Y);
        await Assertions.Expect(desk.Page.Locator(".wire.selected")).ToHaveCountAsync(1);
        await desk.PressAsync("Backspace");
        Ways(await desk.DraftAsync(draft => draft.Edges.Count == 2)).ShouldBe([("set_1", "set_2"), ("set_2", "set_3")], ignoreOrder: true);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Cut_AndPaste_BringsTheNodesBackWithTheirConnectionAndNewNames()
    {
        await using var visitor = await VisitAsync();
        await visitor.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var desk = await DeskAsync(visitor, WorkflowDesk.Row("Cut", 3));
        await desk.Node("Set 2").ClickAsync();
        await desk.PressAsync("Shift+ArrowRight");
        await Assertions.Expect(desk.Said).ToHaveTextAsync("2 nodes selected.");
        await desk.PressAsync("Control+x");
        await desk.DraftAsync(draft => draft.Nodes.Count == 2 && draft.Edges.Count == 1);

        await desk.PressAsync("Control+v");
        var draft = await desk.DraftAsync(draft => draft.Nodes.Count == 4);
        Ways(draft).ShouldBe([("start", "set_1"), ("set_2", "set_3")], ignoreOrder: true);
        await desk.PressAsync("Control+v");
        draft = await desk.DraftAsync(draft => draft.Nodes.Count == 6);
        draft.Nodes.Select(node => node.Name).ShouldBe(["Start", "Set 1", "Set 2", "Set 3", "Set 4", "Set 5"], ignoreOrder: true);
        draft.Nodes.Select(node => (node.X, node.Y)).Distinct().Count().ShouldBe(6);
        // What is in the clipboard is JSON that people can read and mail.
        (await desk.Page.EvaluateAsync<string>("navigator.clipboard.readText()")).ShouldContain("\"format\": \"agentlab.workflow-part/1\"");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Duplicate_OfTwo_StandsBesideThemAndIsSelected()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, WorkflowDesk.Row("Doubled", 2));
        await desk.Node("Set 1").ClickAsync();
        await desk.PressAsync("Shift+ArrowRight", "Control+d");
        var draft = await desk.DraftAsync(draft => draft.Nodes.Count == 5);
        draft.Edges.Count.ShouldBe(3);
        draft.Nodes.Select(node => node.Id).Distinct().Count().ShouldBe(5);
        await Assertions.Expect(desk.Page.Locator(".step.selected")).ToHaveCountAsync(2);
        await visitor.ShootAsync("selection-duplicate");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Group_RoundTheSelection_MovesWithItsTitleAndIsDissolvedAgain()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, WorkflowDesk.Row("Grouped", 2));
        await desk.Node("Set 1").ClickAsync();
        await desk.PressAsync("Shift+ArrowRight", "Control+g");
        var draft = await desk.DraftAsync(draft => draft.Groups.Count == 1);
        var group = draft.Groups[0];
        draft.Nodes.Select(node => node.Group).ShouldBe([null, group.Id, group.Id]);

        await desk.PressAsync("F2");
        await desk.TypeAsync("Prices");
        await desk.PressAsync("Enter");
        await desk.DraftAsync(draft => draft.Groups[0].Name == "Prices");
        await visitor.ShootAsync("selection-group");
        var title = await WorkflowDesk.MiddleAsync(desk.Page.Locator(".frame-title span"));
        await desk.DragAsync(title, title + (0, 96));
        draft = await desk.DraftAsync(draft => draft.Groups[0].Y != group.Y);
        draft.Nodes.Select(node => node.Y).ShouldBe([0, draft.Groups[0].Y - group.Y, draft.Groups[0].Y - group.Y]);

        await desk.Page.Locator(".frame-title").ClickAsync();
        await desk.PressAsync("Control+g");
        draft = await desk.DraftAsync(draft => draft.Groups.Count == 0);
        draft.Nodes.Count.ShouldBe(3);
        draft.Nodes.ShouldAllBe(node => node.Group == null);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Note_ByKey_IsWrittenColouredResizedAndDeleted()
    {
        await using var visitor = await VisitAsync();
        var desk = await DeskAsync(visitor, WorkflowDesk.Row("Noted", 1));
        await desk.Node("Set 1").ClickAsync();
        await desk.PressAsync("Shift+S");
        await Assertions.Expect(desk.Page.Locator(".note textarea")).ToBeFocusedAsync();
        await desk.TypeAsync("**Look** here");
        await desk.PressAsync("Control+Enter");
        var note = (await desk.DraftAsync(draft => draft.Notes is [{ Text: "**Look** here" }])).Notes[0];
        await Assertions.Expect(desk.Page.Locator(".note strong")).ToHaveTextAsync("Look");
        // Ctrl+Enter ended the writing: it ran nothing.
        await Assertions.Expect(desk.RunState).ToHaveCountAsync(0);

        await desk.Page.Locator(".note").GetByRole(AriaRole.Button, new() { Name = "green" }).ClickAsync();
        await desk.DraftAsync(draft => draft.Notes[0].Color == "green");
        var corner = await WorkflowDesk.MiddleAsync(desk.Page.Locator(".react-flow__resize-control.handle.bottom.right"));
        await desk.DragAsync(corner, corner + (64, 32));
        await desk.DraftAsync(draft => draft.Notes[0].Width > note.Width && draft.Notes[0].Height > note.Height);
        await visitor.ShootAsync("selection-note");
        await desk.PressAsync("Delete");
        await desk.DraftAsync(draft => draft.Notes.Count == 0);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task TidyUp_OfAHeap_LeavesNoNodeOnAnother()
    {
        await using var visitor = await VisitAsync();
        var row = WorkflowDesk.Row("Heap", 5);
        var desk = await DeskAsync(visitor, row with { Nodes = [.. row.Nodes.Select((node, i) => node with { X = i * 32, Y = i * 32 })] });
        await desk.PressAsync("Shift+Alt+T");
        var draft = await desk.DraftAsync(draft => draft.Nodes[5].X > 1000);
        draft.Nodes.SelectMany(one => draft.Nodes.Where(other => other != one && Math.Abs(one.X - other.X) < 256 && Math.Abs(one.Y - other.Y) < 80)).ShouldBeEmpty();
        draft.Nodes.Select(node => node.X).ShouldBeInOrder();
        await Assertions.Expect(desk.Said).ToHaveTextAsync("Tidied up.");
        await Assertions.Expect(desk.Saved).ToHaveTextAsync("Saved · revision 2");
        visitor.ShouldBeClean();
    }

    // So far from each other that there is more to press than the ports and the plus.
    private static WorkflowDefinition Wide(WorkflowDefinition row) => row with { Nodes = [.. row.Nodes.Select(node => node with { X = node.X * 5 / 4 })] };

    private static IEnumerable<(string, string)> Ways(WorkflowDefinition draft) => draft.Edges.Select(edge => (edge.From, edge.To));

    private Task<Visitor> VisitAsync() => browser.VisitAsync(width: 1440, height: 900);

    private Task<WorkflowDesk> DeskAsync(Visitor visitor, WorkflowDefinition definition) => WorkflowDesk.OpenAsync(visitor, browser.App, definition, "?panel=none");
}

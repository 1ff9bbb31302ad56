using AgentLab.Core.Workflows.Definition;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace AgentLab.Tests.Browser;

/// <summary>Workflows drawn in the browser: with the mouse, with the keyboard alone, by two people, back and forth.</summary>
[Collection(BrowserTests.Name)]
public sealed class WorkflowEditorTests(BrowserFixture browser, ITestOutputHelper output)
{
    private static readonly string[] TenKinds = ["manual_trigger", "transform", "split", "deduplicate", "limit", "parallel", "merge", "wait", "transform", "respond"];

    [Fact]
    public async Task Mouse_TenNodesFromThePalette_StandConnectedInTheDraft()
    {
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.NewAsync();

        var count = 0;
        foreach (var kind in TenKinds)
        {
            // The list stays open, as none of these must be filled in first: one click a node.
            await desk.Kind(kind).ClickAsync();
            var wanted = ++count;
            await desk.DraftAsync(draft => draft.Nodes.Count == wanted);
        }

        var draft = await desk.DraftAsync(draft => draft.Edges.Count == 9);
        draft.Nodes.Select(node => node.Kind).ShouldBe(TenKinds);
        draft.Edges.Select(edge => (edge.From, edge.To)).ShouldBe(draft.Nodes.Zip(draft.Nodes.Skip(1)).Select(pair => (pair.First.Id, pair.Second.Id)));
        await Assertions.Expect(desk.Saved).ToHaveTextAsync("Saved · revision 11");
        await visitor.ShootAsync("workflow-ten");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Keyboard_Alone_DrawsTenNodes()
    {
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        await visitor.GoAsync("/workflows");
        await desk.PressAsync("n");
        await desk.ReadyAsync();
        await Assertions.Expect(desk.Page.Locator(".first-step")).ToBeFocusedAsync();
        await desk.PressAsync("Enter");
        var picker = desk.Page.Locator(".picker input");
        await Assertions.Expect(picker).ToBeFocusedAsync();
        await desk.TypeAsync("hand");
        await desk.PressAsync("Enter");
        await desk.DraftAsync(draft => draft.Nodes.Count == 1);
        // The same ten kinds as with the mouse, each found by the beginning of its name.
        foreach (var (word, count) in ((string, int)[])[("templ", 2), ("split", 3), ("dupl", 4), ("limit", 5), ("paral", 6), ("merge", 7), ("wait", 8), ("templ", 9), ("resp", 10)])
        {
            await Assertions.Expect(desk.Canvas).ToBeFocusedAsync();
            await desk.PressAsync("n");
            await Assertions.Expect(picker).ToBeFocusedAsync();
            await desk.TypeAsync(word);
            await desk.PressAsync("Enter");
            await desk.DraftAsync(draft => draft.Nodes.Count == count && draft.Edges.Count == count - 1);
        }

        var draft = (await desk.DraftAsync()).Draft;
        draft.Nodes.Select(node => node.Kind).ShouldBe(TenKinds);
        draft.Edges.Select(edge => (edge.From, edge.To)).ShouldBe(draft.Nodes.Zip(draft.Nodes.Skip(1)).Select(pair => (pair.First.Id, pair.Second.Id)));
        await visitor.ShootAsync("workflow-ten-keys");
        output.WriteLine($"ten nodes by keyboard: {desk.Keys} keys");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task UndoAndRedo_FiftySteps_ComeBackToTheSameGraph()
    {
        var workflow = await WorkflowDesk.MakeAsync(browser.App, WorkflowDesk.Row("Fifty steps", 1));
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.OpenAsync(workflow.Summary.Slug);
        await desk.Node("Set 1").ClickAsync();
        for (var i = 0; i < 25; i++)
        {
            // A move and a switch: two kinds of gesture.
            await desk.Page.Keyboard.PressAsync("Alt+ArrowDown");
            await desk.Page.Keyboard.PressAsync("d");
        }

        var before = await desk.DraftAsync();
        await Assertions.Expect(desk.Saved).ToHaveTextAsync("Saved · revision 51");
        before = await desk.DraftAsync();
        before.Draft.Nodes[1].Y.ShouldBe(25 * 16);
        for (var i = 0; i < 50; i++)
        {
            await desk.Page.Keyboard.PressAsync("Control+z");
        }

        await Assertions.Expect(desk.Saved).ToHaveTextAsync("Saved · revision 101");
        JsonOf((await desk.DraftAsync()).Draft).ShouldBe(JsonOf(workflow.Draft));
        for (var i = 0; i < 50; i++)
        {
            await desk.Page.Keyboard.PressAsync("Control+Shift+Z");
        }

        await Assertions.Expect(desk.Saved).ToHaveTextAsync("Saved · revision 151");
        JsonOf((await desk.DraftAsync()).Draft).ShouldBe(JsonOf(before.Draft));
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task CopyAndPaste_FromOneWorkflowToAnother_BringsNodesAndTheirEdges()
    {
        var from = await WorkflowDesk.MakeAsync(browser.App, WorkflowDesk.Row("Copied from", 3));
        var to = await WorkflowDesk.MakeAsync(browser.App, WorkflowDesk.Row("Pasted into", 1));
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        await visitor.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.OpenAsync(from.Summary.Slug);
        await desk.Canvas.FocusAsync();
        await desk.Page.Keyboard.PressAsync("Control+a");
        await desk.Page.Keyboard.PressAsync("Control+c");

        await desk.OpenAsync(to.Summary.Slug);
        await desk.Canvas.FocusAsync();
        await desk.Page.Keyboard.PressAsync("Control+v");

        var draft = await desk.DraftAsync(draft => draft.Nodes.Count == 6);
        draft.Edges.Count.ShouldBe(4);
        draft.Nodes.Select(node => node.Id).Distinct().Count().ShouldBe(6);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task History_Published_IsComparedWithTheDraftAndBroughtBack()
    {
        var workflow = await WorkflowDesk.MakeAsync(browser.App, WorkflowDesk.Row("Has a history", 2));
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.OpenAsync(workflow.Summary.Slug);
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await desk.Page.GetByLabel("What changed").FillAsync("The first");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Publish version 1" }).ClickAsync();
        await desk.Node("Set 2").ClickAsync();
        await desk.Page.Keyboard.PressAsync("Delete");
        await desk.DraftAsync(draft => draft.Nodes.Count == 2);

        await desk.Page.Locator("summary[aria-label=More]").ClickAsync();
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "History" }).ClickAsync();
        await Assertions.Expect(desk.Dock.GetByText("The first")).ToBeVisibleAsync();
        await desk.Dock.GetByRole(AriaRole.Button, new() { Name = "Compare with the draft" }).ClickAsync();
        await Assertions.Expect(desk.Dock.GetByRole(AriaRole.List, new() { Name = "What the draft changed since" })).ToContainTextAsync("Set 2");
        await visitor.ShootAsync("workflow-history");
        await visitor.CheckAccessAsync("workflow history");

        await desk.Dock.GetByRole(AriaRole.Button, new() { Name = "Restore" }).ClickAsync();
        await desk.DraftAsync(draft => draft.Nodes.Count == 3);
        await Assertions.Expect(desk.Node("Set 2")).ToBeVisibleAsync();
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Inspector_WhatIsTyped_IsCommittedOnceAndUndoneOnTheCanvas()
    {
        var workflow = await WorkflowDesk.MakeAsync(browser.App, WorkflowDesk.Row("Typed", 2));
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.OpenAsync(workflow.Summary.Slug);
        await desk.Node("Set 2").DblClickAsync();
        var value = desk.Dock.Locator("#set-values-value-0");
        await value.FillAsync("");
        await desk.Dock.GetByRole(AriaRole.Button, new() { Name = "Insert a value into value 1" }).ClickAsync();
        await desk.Dock.Locator(".values summary", new() { HasText = "Set 1" }).ClickAsync();
        await desk.Dock.Locator("[title='{{nodes.set_1}}']").ClickAsync();
        await Assertions.Expect(value).ToHaveValueAsync("{{nodes.set_1}}");
        await desk.DraftAsync(draft => draft.Nodes[2].Settings.GetRawText().Contains("nodes.set_1", StringComparison.Ordinal));

        await desk.Canvas.FocusAsync();
        await desk.Page.Keyboard.PressAsync("Control+z");
        await desk.DraftAsync(draft => !draft.Nodes[2].Settings.GetRawText().Contains("nodes.set_1", StringComparison.Ordinal));
        await visitor.ShootAsync("workflow-inspector");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Inspector_LettersTyped_StayInTheInputThatHasTheCaret()
    {
        var workflow = await WorkflowDesk.MakeAsync(browser.App, new WorkflowDefinition { Name = "Caret", Nodes = [new() { Id = "set", Kind = "set_values", Name = "Set" }] });
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.OpenAsync(workflow.Summary.Slug, "?node=set&panel=node");
        var name = desk.Dock.GetByPlaceholder("Name");
        await name.EvaluateAsync("input => { input.marked = true; input.focus(); }");
        foreach (var letter in "total")
        {
            await desk.TypeAsync(letter.ToString());
            // The problem goes when the first letter is committed: the form was drawn again by then.
            await Assertions.Expect(desk.Page.Locator(".step.bad")).ToHaveCountAsync(0);
            (await desk.Page.EvaluateAsync<bool>("document.activeElement.marked === true")).ShouldBeTrue($"The input was made anew at \"{letter}\".");
        }

        await Assertions.Expect(name).ToHaveValueAsync("total");
        await desk.DraftAsync(draft => draft.Nodes[0].Settings.GetRawText().Contains("total", StringComparison.Ordinal));
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task TwoBrowsers_OneWorkflow_SeeEachOtherAndNothingIsOverwritten()
    {
        var workflow = await WorkflowDesk.MakeAsync(browser.App, WorkflowDesk.Row("Drawn by two", 2));
        await using var one = await browser.VisitAsync(width: 1440, height: 900);
        await using var other = await browser.VisitAsync(width: 1440, height: 900);
        var (mine, theirs) = (new WorkflowDesk(one, browser.App), new WorkflowDesk(other, browser.App));
        await mine.OpenAsync(workflow.Summary.Slug);
        await theirs.OpenAsync(workflow.Summary.Slug);
        await Assertions.Expect(mine.Page.Locator(".people .face")).ToHaveCountAsync(1);
        await Assertions.Expect(mine.Page.Locator(".desk-notice")).ToContainTextAsync("has this workflow open too");

        await theirs.Node("Set 2").ClickAsync();
        await theirs.Page.Keyboard.PressAsync("F2");
        await theirs.Page.Keyboard.TypeAsync("Theirs");
        await theirs.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(mine.Node("Theirs")).ToBeVisibleAsync();

        // Both at the same time, each at another node: both stay.
        await mine.Node("Set 1").ClickAsync();
        await theirs.Node("Theirs").ClickAsync();
        await Task.WhenAll(mine.Page.Keyboard.PressAsync("d"), theirs.Page.Keyboard.PressAsync("Alt+ArrowDown"));
        var draft = await mine.DraftAsync(draft => draft.Nodes[1].Disabled && draft.Nodes[2].Y > workflow.Draft.Nodes[2].Y);
        draft.Nodes[2].Name.ShouldBe("Theirs");
        await one.ShootAsync("workflow-two");
        other.ShouldBeClean();
        await theirs.Page.GotoAsync("/workflows");
        await Assertions.Expect(mine.Page.Locator(".people .face")).ToHaveCountAsync(0);
        one.ShouldBeClean();
    }

    [Fact]
    public async Task Reload_InTheMidst_ShowsTheSameNodeAndPanel()
    {
        var workflow = await WorkflowDesk.MakeAsync(browser.App, WorkflowDesk.Row("Address", 2));
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.OpenAsync(workflow.Summary.Slug);
        await desk.Node("Set 2").DblClickAsync();
        await desk.Dock.GetByRole(AriaRole.Tab, new() { Name = "On error" }).ClickAsync();
        await Assertions.Expect(desk.Dock.Locator("#attempts")).ToBeVisibleAsync();

        await desk.Page.ReloadAsync();
        await visitor.StartedAsync();

        await Assertions.Expect(desk.Dock.Locator("#attempts")).ToBeVisibleAsync();
        await Assertions.Expect(desk.Dock.GetByLabel("Name of the node")).ToHaveValueAsync("Set 2");
        await Assertions.Expect(desk.Page.Locator(".step.selected .step-name")).ToHaveTextAsync("Set 2");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task ThousandNodes_Open_AreThere()
    {
        var workflow = await WorkflowDesk.MakeAsync(browser.App, WorkflowDesk.Row("A thousand", 999));
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await desk.OpenAsync(workflow.Summary.Slug);
        output.WriteLine($"1,000 nodes open in {clock.ElapsedMilliseconds} ms (the page's start included), {await desk.Nodes.CountAsync()} drawn");
        await desk.Canvas.FocusAsync();
        await desk.Page.Keyboard.PressAsync("End");
        await Assertions.Expect(desk.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("node=set_999"));
        await visitor.ShootAsync("workflow-thousand");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Import_HostileFile_IsRefusedWithItsProblemsAndNothingIsStored()
    {
        await using var visitor = await browser.VisitAsync();
        var page = visitor.Page;
        await visitor.GoAsync("/workflows?q=Hostile");
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload
        {
            Name = "hostile.json",
            MimeType = "application/json",
            Buffer = System.Text.Encoding.UTF8.GetBytes("""{"format":"agentlab.workflow/1","name":"Hostile","nodes":[{"id":"a","kind":"run_shell","name":"<img src=x onerror=alert(1)>","settings":{}}]}"""),
        });
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("run_shell");
        await page.ReloadAsync();
        await visitor.StartedAsync();
        await Assertions.Expect(page.GetByText("Nothing matches")).ToBeVisibleAsync();
        visitor.ShouldBeClean();
    }

    private static string JsonOf(WorkflowDefinition definition) => System.Text.Json.JsonSerializer.Serialize(definition, WorkflowJson.Compact.WorkflowDefinition);
}

using AgentLab.Core.Workflows.Definition;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

/// <summary>Gestures that are larger than a message of the circuit: one commit, one step to undo.</summary>
[Collection(BrowserTests.Name)]
public sealed class LargeGestureTests(BrowserFixture browser)
{
    private const int Nodes = 300;

    [Fact]
    public async Task Paste_OfThreeHundredNodes_IsOneCommitAndOneStepBack()
    {
        var large = WorkflowDesk.Row("Large", Nodes);
        var from = await WorkflowDesk.MakeAsync(
            browser.App, large with { Nodes = [.. large.Nodes.Select(node => node.Kind == "set_values" ? node with { Settings = WorkflowDesk.Values("v", new string('ä', 500)) } : node)] });
        var to = await WorkflowDesk.MakeAsync(browser.App, new WorkflowDefinition { Name = "Small" });
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
        await desk.DraftAsync(draft => draft.Nodes.Count > 0);
        var pasted = await desk.DraftAsync();
        await Assertions.Expect(desk.Saved).ToHaveTextAsync("Saved · revision 2");
        await desk.Canvas.FocusAsync();
        await desk.Page.Keyboard.PressAsync("Control+z");
        await desk.DraftAsync(draft => draft.Nodes.Count == 0);
        var undone = await desk.DraftAsync();
        await desk.Page.Keyboard.PressAsync("Control+Shift+z");
        var again = await desk.DraftAsync(draft => draft.Nodes.Count > 0);

        (pasted.Revision, pasted.Draft.Nodes.Count, pasted.Draft.Edges.Count).ShouldBe((2, Nodes + 1, Nodes));
        (undone.Revision, undone.Draft.Edges.Count).ShouldBe((3, 0));
        again.Nodes.Count.ShouldBe(Nodes + 1);
        visitor.ShouldBeClean();
    }
}

using AgentLab.Core.Workflows.Definition;
using AgentLab.Tests.Fakes.OpenAiServer;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

/// <summary>The builder beside the canvas: a proposal is drawn, taken whole or in part, and undone; what goes wrong leaves the canvas as it was.</summary>
[Collection(BrowserTests.Name)]
public sealed class BuilderPaneTests(BrowserFixture browser)
{
    private const string Asked = "When a webhook arrives, if total is over 100 then ask a person to approve, else answer with ok. Then mail the customer.";

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Proposal_TakenInPart_IsDrawnCommittedOnceAndUndone(ColorScheme scheme, int width)
    {
        var workflow = await WorkflowDesk.MakeAsync(browser.App, new WorkflowDefinition { Name = $"Built by words {scheme}" });
        await using var visitor = await browser.VisitAsync(width: width, height: width == 390 ? 844 : 900, scheme: scheme);
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.OpenAsync(workflow.Summary.Slug, "?panel=builder");
        await visitor.Box.FillAsync(Asked);
        await visitor.CheckAccessAsync("builder, empty");
        await visitor.Send.ClickAsync();

        // Drawn on the canvas and said in words, with what could not be mapped; the draft is as it was.
        var proposal = desk.Dock.GetByRole(AriaRole.Region, new() { Name = "Proposal" });
        await Assertions.Expect(proposal.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(7);
        await Assertions.Expect(desk.Page.Locator(".step.change-added")).ToHaveCountAsync(4);
        await Assertions.Expect(desk.Dock).ToContainTextAsync("mail the customer");
        (await desk.DraftAsync()).Draft.Nodes.ShouldBeEmpty();
        await visitor.ShootAsync($"builder-proposal-{scheme}-{width}");
        await visitor.CheckAccessAsync("builder, proposal");
        (await visitor.ScrollsSidewaysAsync()).ShouldBeFalse();

        // Without the approval there is no connection to it.
        await proposal.GetByRole(AriaRole.Checkbox, new() { NameRegex = new("Add .*person", System.Text.RegularExpressions.RegexOptions.IgnoreCase) }).UncheckAsync();
        await Assertions.Expect(desk.Page.Locator(".step.change-added")).ToHaveCountAsync(3);
        await proposal.GetByRole(AriaRole.Button, new() { Name = "Accept 5 of 7" }).ClickAsync();
        var draft = await desk.DraftAsync(draft => draft.Nodes.Count > 0);
        draft.Nodes.Select(node => node.Kind).ShouldBe(["webhook_trigger", "condition", "respond"], ignoreOrder: true);
        draft.Edges.Count.ShouldBe(2);
        (await desk.DraftAsync()).Revision.ShouldBe(2);
        await Assertions.Expect(desk.Page.Locator(".step.change-added")).ToHaveCountAsync(0);
        await Assertions.Expect(desk.Nodes).ToHaveCountAsync(3);
        await visitor.ShootAsync($"builder-accepted-{scheme}-{width}");

        await desk.Dock.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await desk.DraftAsync(draft => draft.Nodes.Count == 0 && draft.Edges.Count == 0);
        await Assertions.Expect(desk.Nodes).ToHaveCountAsync(0);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Proposal_TakenWhole_AndUndoneOnTheCanvas()
    {
        var workflow = await WorkflowDesk.MakeAsync(browser.App, WorkflowDesk.Row("Built on", 1));
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.OpenAsync(workflow.Summary.Slug, "?panel=builder");
        await visitor.Box.FillAsync("Add a wait of 10 minutes at the end.");
        await visitor.Send.ClickAsync();
        await desk.Dock.GetByRole(AriaRole.Button, new() { Name = "Accept all" }).ClickAsync();
        var draft = await desk.DraftAsync(draft => draft.Nodes.Count == 3);
        draft.Nodes[2].Kind.ShouldBe("wait");
        await Assertions.Expect(desk.Nodes).ToHaveCountAsync(3);

        await desk.Canvas.FocusAsync();
        await desk.Page.Keyboard.PressAsync("Control+z");
        await desk.DraftAsync(draft => draft.Nodes.Count == 2);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Answer_ThatFails_SaysSoAndLeavesTheCanvas()
    {
        await using var app = await browser.StartAppAsync(more: builder =>
        {
            builder.Configuration["AgentLab:Models:Default"] = "fake/test-model";
            builder.Configuration["AgentLab:Models:RehearsalStandsIn"] = "false";
        });
        browser.Model.Next(ModelScript.Fails(401, "Incorrect API key provided."));
        var workflow = await WorkflowDesk.MakeAsync(app, WorkflowDesk.Row("Left alone", 2));
        await using var visitor = await browser.VisitAsync(app, width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, app);
        await desk.OpenAsync(workflow.Summary.Slug, "?panel=builder");
        await visitor.Box.FillAsync("Add a wait of 10 minutes at the end.");
        await visitor.Send.ClickAsync();

        await Assertions.Expect(desk.Dock.GetByRole(AriaRole.Alert)).ToContainTextAsync("The workflow is as it was.");
        await Assertions.Expect(desk.Nodes).ToHaveCountAsync(3);
        await Assertions.Expect(desk.Page.Locator(".step[class*='change-']")).ToHaveCountAsync(0);
        (await desk.DraftAsync()).Revision.ShouldBe(1);
        await visitor.ShootAsync("builder-failed");
        await visitor.CheckAccessAsync("builder, failed");
        visitor.ShouldBeClean();
    }
}

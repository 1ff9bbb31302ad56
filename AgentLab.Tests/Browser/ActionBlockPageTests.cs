using AgentLab.Core.Workflows.Nodes.ActionBlocks;
using AgentLab.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class ActionBlockPageTests(BrowserFixture browser)
{
    [Fact]
    public async Task Node_SavedAsActionBlock_IsOfferedAndMakesANodeOfItsKind()
    {
        await using var app = await LabApp.StartAsync();
        var actor = await BrowserFixture.AdministratorAsync(app);
        await using var visitor = await browser.VisitAsync(app, width: 1440, height: 900);
        var page = visitor.Page;
        await visitor.GoAsync("/workflows");
        await page.GetByRole(AriaRole.Button, new() { Name = "New workflow" }).First.ClickAsync();
        await page.Locator("#kind-manual_trigger").ClickAsync();
        await page.Locator("[data-id=manual_trigger]").First.DblClickAsync();

        await page.GetByText("Remark and state").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as action block" }).ClickAsync();
        await page.Locator("#block-name").FillAsync("Start by hand");
        await page.Locator("#block-description").FillAsync("Begins when somebody presses Run.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        // The form closes when the block is kept; the notice goes by itself.
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Save as action block" })).ToBeVisibleAsync();
        var block = (await app.Services.GetRequiredService<IActionBlocks>().ListAsync(actor, default)).ShouldHaveSingleItem();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add node" }).First.ClickAsync();
        await visitor.ShootAsync("action-block-palette");
        await page.Locator($"#kind-{block.Id:N}").ClickAsync();

        await page.Locator(".react-flow__node").Nth(1).WaitForAsync();
        (await page.Locator(".react-flow__node").Nth(1).TextContentAsync()).ShouldNotBeNull().ShouldContain("Start by hand");
        visitor.ShouldBeClean();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Block_RenamedDeletedAndTakenBack_IsOfferedAccordingly(ColorScheme scheme, int width)
    {
        await using var app = await LabApp.StartAsync();
        var actor = await BrowserFixture.AdministratorAsync(app);
        var blocks = app.Services.GetRequiredService<IActionBlocks>();
        await using var visitor = await browser.VisitAsync(app, width: width, height: width == 390 ? 844 : 900, scheme: scheme);
        var page = visitor.Page;
        await visitor.GoAsync("/action-blocks");
        await Assertions.Expect(page.GetByText("No action blocks yet")).ToBeVisibleAsync();
        await visitor.ShootAsync($"action-blocks-empty-{scheme}-{width}");
        (await blocks.SaveAsync(Block("Ask the carrier", "Where is the parcel?"), actor, default)).Ok.ShouldBeTrue();
        (await blocks.SaveAsync(Block("Note it down", "Writes the order into the ledger of the month, with its number and its sum."), actor, default)).Ok.ShouldBeTrue();

        await page.ReloadAsync();
        await visitor.StartedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Rename Ask the carrier" }).ClickAsync();
        await visitor.CheckAccessAsync("action blocks, rename");
        await page.Locator("#block-name").FillAsync("note it DOWN");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("dialog[open]")).ToContainTextAsync("There is an action block called");
        await page.Locator("#block-name").FillAsync("Ask the post");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { NameRegex = new("^Ask the post") })).ToBeVisibleAsync();
        await visitor.ShootAsync($"action-blocks-{scheme}-{width}");
        await visitor.CheckAccessAsync("action blocks");
        (await visitor.ScrollsSidewaysAsync()).ShouldBeFalse();

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete Ask the post" }).ClickAsync();
        await visitor.ShootAsync($"action-blocks-delete-{scheme}-{width}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete the action block" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Ask the post is deleted.")).ToBeVisibleAsync();
        (await blocks.ListAsync(actor, default)).Select(block => block.Name).ShouldBe(["Note it down"]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { NameRegex = new("^Ask the post") })).ToBeVisibleAsync();
        (await blocks.ListAsync(actor, default)).Select(block => block.Name).ShouldBe(["Ask the post", "Note it down"]);
        visitor.ShouldBeClean();
    }

    private static ActionBlock Block(string name, string description) => new(Guid.CreateVersion7(), name, description, "set_values", WorkflowDesk.Values("parcel", "{{data}}"), ["post"]);
}

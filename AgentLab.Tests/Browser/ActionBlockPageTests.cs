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
        await page.GetByText("is an action block now").WaitForAsync();
        var block = (await app.Services.GetRequiredService<IActionBlocks>().ListAsync(actor, default)).ShouldHaveSingleItem();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add node" }).First.ClickAsync();
        await visitor.ShootAsync("action-block-palette");
        await page.Locator($"#kind-{block.Id:N}").ClickAsync();

        await page.Locator(".react-flow__node").Nth(1).WaitForAsync();
        (await page.Locator(".react-flow__node").Nth(1).TextContentAsync()).ShouldNotBeNull().ShouldContain("Start by hand");
        await visitor.GoAsync("/settings/users");
        await page.GetByRole(AriaRole.Heading, new() { Name = "People" }).WaitForAsync();
        await visitor.ShootAsync("people");
        visitor.ShouldBeClean();
    }
}

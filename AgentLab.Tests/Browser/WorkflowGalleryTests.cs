using AgentLab.Core.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

/// <summary>A workflow that its owner offers is found in the gallery, and whoever uses it gets a copy.</summary>
[Collection(BrowserTests.Name)]
public sealed class WorkflowGalleryTests(BrowserFixture browser)
{
    [Fact]
    public async Task Workflow_OfferedByItsOwner_IsUsedFromTheGallery()
    {
        var store = browser.App.Services.GetRequiredService<IWorkflowStore>();
        var actor = await BrowserFixture.AdministratorAsync(browser.App);
        var workflow = await WorkflowDesk.MakeAsync(browser.App, WorkflowDesk.Row("Offered to all", 2));
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.OpenAsync(workflow.Summary.Slug, "?panel=settings");
        var offer = desk.Dock.GetByRole(AriaRole.Switch, new() { NameRegex = new("^Offer it in the gallery") });
        await Assertions.Expect(offer).ToBeDisabledAsync();

        (await store.PublishAsync(workflow.Id, workflow.Revision, "", actor, CancellationToken.None)).Ok.ShouldBeTrue();
        await Assertions.Expect(offer).ToBeEnabledAsync();
        await offer.CheckAsync();
        await Assertions.Expect(offer).ToBeCheckedAsync();
        await visitor.ShootAsync("workflow-offered");

        await visitor.GoAsync("/gallery");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Your team" }).ClickAsync();
        var card = visitor.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Offered to all" });
        await Assertions.Expect(card).ToContainTextAsync("3 nodes");
        await visitor.ShootAsync("gallery-team");
        await card.GetByRole(AriaRole.Button, new() { Name = "Use this" }).ClickAsync();
        await desk.ReadyAsync();
        await Assertions.Expect(desk.Nodes).ToHaveCountAsync(3);
        desk.Slug.ShouldNotBe(workflow.Summary.Slug);
        visitor.ShouldBeClean();
    }
}

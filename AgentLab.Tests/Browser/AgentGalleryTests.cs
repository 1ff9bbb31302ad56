using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

/// <summary>An agent that its owner offers is found in the gallery, and whoever uses it gets a draft of their own.</summary>
[Collection(BrowserTests.Name)]
public sealed class AgentGalleryTests(BrowserFixture browser)
{
    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    public async Task Agent_OfferedByItsOwner_IsUsedFromTheGallery(int width, ColorScheme scheme)
    {
        var name = $"Offered {width} {scheme}";
        await using var visitor = await browser.VisitAsync(width: width, height: 900);
        var page = visitor.Page;
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await visitor.GoAsync("/agents/new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Instructions", new() { Exact = true }).FillAsync("Weigh fruit.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create agent" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Version 1, saved")).ToBeVisibleAsync();
        await page.Locator("summary[aria-label=More]").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Offer in the gallery" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Everyone finds its newest version in the gallery now")).ToBeVisibleAsync();
        await visitor.ShootAsync($"agent-offered-{width}-{scheme}");

        await page.GetByRole(AriaRole.Link, new() { Name = "In the gallery" }).ClickAsync();
        var card = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = name });
        await Assertions.Expect(card).ToContainTextAsync("Your team");
        await card.GetByText("What it is told").ClickAsync();
        await Assertions.Expect(card.GetByText("Weigh fruit.")).ToBeVisibleAsync();
        await visitor.ShootAsync($"gallery-agents-{width}-{scheme}");
        await visitor.CheckAccessAsync($"gallery of agents, {width}, {scheme}");
        (await visitor.ScrollsSidewaysAsync()).ShouldBeFalse();
        await card.GetByRole(AriaRole.Button, new() { Name = $"Use this: {name}" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync($"{name} 2");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Draft");
        await visitor.GoAsync("/gallery");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Workflows" }).And(page.Locator("[aria-current=page]")).First).ToBeVisibleAsync();
        visitor.ShouldBeClean();
    }
}

using System.Text.Json;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class AgentPagesTests(BrowserFixture browser)
{
    [Fact]
    public async Task Agent_CreatedEditedDuplicatedDisabledDeleted_ShowsEachOnThePages()
    {
        await using var visitor = await browser.VisitAsync();
        var page = visitor.Page;
        await visitor.GoAsync("/agents");
        await page.GetByRole(AriaRole.Link, new() { Name = "New agent" }).ClickAsync();

        // Without a name it is refused, and what was typed stays.
        await page.GetByLabel("Instructions", new() { Exact = true }).FillAsync("Weigh fruit.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create agent" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert).First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(page.GetByLabel("Instructions", new() { Exact = true })).ToHaveValueAsync("Weigh fruit.");
        await visitor.CheckAccessAsync("agent with a fault");

        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Weigher");
        await page.GetByRole(AriaRole.Checkbox, new() { NameRegex = new("^Calculator") }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create agent" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Version 1, saved")).ToBeVisibleAsync();
        var address = page.Url;

        await page.GetByLabel("Description").FillAsync("Knows what fruit weighs.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save a new version" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Saved as version 2.")).ToBeVisibleAsync();
        await visitor.ShootAsync("agent-saved");
        await page.ReloadAsync();
        await visitor.StartedAsync();
        await Assertions.Expect(page.GetByLabel("Description")).ToHaveValueAsync("Knows what fruit weighs.");
        await Assertions.Expect(page.GetByRole(AriaRole.Checkbox, new() { NameRegex = new("^Calculator") })).ToBeCheckedAsync();

        var download = await page.RunAndWaitForDownloadAsync(() => MoreAsync(page, "Export as JSON"));
        using (var file = JsonDocument.Parse(await File.ReadAllTextAsync(await download.PathAsync())))
        {
            file.RootElement.GetRawText().ShouldContain("Weigh fruit.");
        }

        await MoreAsync(page, "Duplicate");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Weigher copy");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Draft");
        await MoreAsync(page, "Disable", "Archive");
        await DeleteAsync(visitor, "Weigher copy");

        await visitor.GoAsync(address);
        await MoreAsync(page, "Disable");
        await Assertions.Expect(page.GetByText("Weigher is now disabled.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Ask it" })).ToHaveCountAsync(0);
        await visitor.GoAsync("/lab");
        await Assertions.Expect(page.GetByRole(AriaRole.Radiogroup, new() { Name = "Agent" })).ToContainTextAsync("Analyst");
        await Assertions.Expect(page.GetByRole(AriaRole.Radiogroup, new() { Name = "Agent" })).Not.ToContainTextAsync("Weigher");

        await visitor.GoAsync(address);
        await DeleteAsync(visitor, "Weigher");
        await Assertions.Expect(page.GetByRole(AriaRole.Table)).ToContainTextAsync("Analyst");
        await Assertions.Expect(page.GetByRole(AriaRole.Table)).Not.ToContainTextAsync("Weigher");
        await visitor.GoAsync(address);
        await Assertions.Expect(page.GetByText("There is no such agent")).ToBeVisibleAsync();
        visitor.ShouldBeClean();
    }

    // The first of these entries that the menu has.
    private static async Task MoreAsync(IPage page, params string[] entries)
    {
        await page.GetByLabel("More", new() { Exact = true }).ClickAsync();
        foreach (var entry in entries)
        {
            var button = page.GetByRole(AriaRole.Button, new() { Name = entry, Exact = true });
            if (await button.IsVisibleAsync())
            {
                await button.ClickAsync();
                return;
            }
        }

        throw new ShouldAssertException($"The menu has none of {string.Join(", ", entries)}.");
    }

    private static async Task DeleteAsync(Visitor visitor, string name)
    {
        var page = visitor.Page;
        await MoreAsync(page, "Delete");
        var delete = page.GetByRole(AriaRole.Button, new() { Name = "Delete the agent" });
        await Assertions.Expect(delete).ToBeDisabledAsync();
        await page.GetByLabel($"Type {name} to confirm").FillAsync("weigher?");
        await Assertions.Expect(delete).ToBeDisabledAsync();
        await visitor.ShootAsync("agent-delete");
        await page.GetByLabel($"Type {name} to confirm").FillAsync(name);
        await Assertions.Expect(delete).ToBeEnabledAsync();
        await delete.ClickAsync();
        await visitor.AtAsync("/agents$");
    }
}

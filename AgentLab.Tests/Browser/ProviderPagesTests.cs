using AgentLab.Tests.Fakes.OpenAiServer;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class ProviderPagesTests(BrowserFixture browser)
{
    private const string Key = "sk-secret-of-the-test-0451";

    [Fact]
    public async Task Provider_AddedWithAKey_IsTestedUsedAndNeverShowsTheKey()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        server.RequiredKey = Key;
        server.Models = ["small-model", "large-model"];
        await using var visitor = await browser.VisitAsync();
        var page = visitor.Page;
        await visitor.GoAsync("/settings/providers");
        await page.GetByRole(AriaRole.Link, new() { Name = "Add provider" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("My server");
        await page.GetByLabel("Endpoint").FillAsync(server.Endpoint.ToString());
        await page.GetByLabel("API key").FillAsync("sk-a-wrong-key");
        await page.GetByRole(AriaRole.Button, new() { Name = "Test", Exact = true }).ClickAsync();
        var told = page.Locator("main .notice-failed");
        await Assertions.Expect(told).ToBeVisibleAsync();
        (await told.InnerTextAsync()).ShouldNotContain("sk-a-wrong-key");
        await visitor.ShootAsync("provider-wrong-key");

        await page.GetByLabel("API key").FillAsync(Key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Test", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("It offers 2 models")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add 2 models" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Model", new() { Exact = true })).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await visitor.AtAsync("/settings/providers$");

        var card = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "My server" });
        await Assertions.Expect(card).ToContainTextAsync("key set");
        await card.GetByRole(AriaRole.Button, new() { Name = "Test" }).ClickAsync();
        await Assertions.Expect(card).ToContainTextAsync("It offers 2 models.");
        await visitor.ShootAsync("providers");
        await ShouldNotShowTheKeyAsync(page);

        await card.GetByRole(AriaRole.Link, new() { Name = "Edit" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("API key")).ToHaveValueAsync("");
        await Assertions.Expect(page.GetByText("A key is stored, encrypted; it is never shown.")).ToBeVisibleAsync();
        await ShouldNotShowTheKeyAsync(page);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("My renamed server");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await visitor.AtAsync("/settings/providers$");

        // The key was kept: the provider still answers.
        card = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "My renamed server" });
        await card.GetByRole(AriaRole.Button, new() { Name = "Test" }).ClickAsync();
        await Assertions.Expect(card).ToContainTextAsync("It offers 2 models.");
        await card.GetByRole(AriaRole.Link, new() { Name = "Edit" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete the provider" }).ClickAsync();
        await visitor.AtAsync("/settings/providers$");
        await Assertions.Expect(page.GetByRole(AriaRole.List, new() { Name = "Providers in their order" })).ToContainTextAsync("Rehearsal model");
        await Assertions.Expect(page.GetByText("My renamed server")).ToHaveCountAsync(0);
        visitor.ShouldBeClean();
    }

    private static async Task ShouldNotShowTheKeyAsync(IPage page)
    {
        (await page.ContentAsync()).ShouldNotContain(Key);
        (await page.Locator("input").EvaluateAllAsync<string[]>("inputs => inputs.map(i => i.value)")).ShouldNotContain(value => value.Contains(Key));
    }
}

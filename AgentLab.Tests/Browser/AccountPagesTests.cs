using AgentLab.Tests.Api;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class AccountPagesTests(BrowserFixture browser)
{
    [Fact]
    public async Task FirstStart_WeakThenStrongPassword_MakesTheAdministratorAndShowsTheLab()
    {
        await using var app = await LabApp.StartAsync(setUp: false);
        await using var visitor = await browser.VisitAsync(app, signedIn: false, width: 390);
        var page = visitor.Page;
        await page.GotoAsync("/lab");
        new Uri(page.Url).AbsolutePath.ShouldBe("/setup");
        (await visitor.ScrollsSidewaysAsync()).ShouldBeFalse();

        await page.GetByLabel("E-mail").FillAsync("first@lab.test");
        await page.GetByLabel("Password", new() { Exact = true }).PressSequentiallyAsync("short");
        await Assertions.Expect(page.GetByText("Still needed: 7 more characters")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByLabel("Password", new() { Exact = true })).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(page.Locator("#password-error")).ToContainTextAsync("12 characters");
        await Assertions.Expect(page.GetByLabel("E-mail")).ToHaveValueAsync("first@lab.test");
        await visitor.ShootAsync("setup-refused-390");
        await visitor.CheckAccessAsync("set-up, refused");

        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(LabApp.Password);
        await Assertions.Expect(page.GetByText("This password is strong.")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Enter");
        await visitor.AtAsync(@"^https?://[^/]+/(?!setup)");
        await visitor.StartedAsync();
        foreach (var agent in (string[])["Guide", "Analyst", "Researcher"])
        {
            await Assertions.Expect(page.GetByRole(AriaRole.Radio, new() { NameRegex = new($"^{agent}") })).ToHaveCountAsync(1);
        }

        await Assertions.Expect(page.GetByText("rehearsal model")).ToBeVisibleAsync();
        visitor.ShouldBeClean("status of 400", "status of 422");
    }

    [Fact]
    public async Task SignIn_WrongThenRightPassword_OpensWhatWasAskedForAndSignsOutFromTheMenu()
    {
        await using var visitor = await browser.VisitAsync(signedIn: false);
        var page = visitor.Page;
        await page.GotoAsync("/sessions");
        new Uri(page.Url).AbsolutePath.ShouldBe("/account/sign-in");

        await page.GetByLabel("E-mail or user name").FillAsync(LabApp.Admin);
        await page.GetByLabel("Password").FillAsync("Wrong-Horse-7-Battery");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "The name or the password is wrong." })).ToBeVisibleAsync();
        await visitor.CheckAccessAsync("sign-in, refused");

        await page.GetByLabel("Password").FillAsync(LabApp.Password);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sessions", Exact = true })).ToBeVisibleAsync();
        await visitor.StartedAsync();

        await page.GetByLabel("Account", new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await page.GotoAsync("/sessions");
        new Uri(page.Url).AbsolutePath.ShouldBe("/account/sign-in");
        visitor.ShouldBeClean("status of 400", "status of 401");
    }
}

using AgentLab.Tests.Api;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class KeyboardTests(BrowserFixture browser)
{
    /// <summary>Every session that other tests left in the rail is a stop of its own.</summary>
    private const int MostStops = 400;

    [Fact]
    public async Task Keyboard_Alone_SignsInAsksAndReadsTheAnswer()
    {
        await using var visitor = await browser.VisitAsync(signedIn: false);
        var page = visitor.Page;
        await page.GotoAsync("/lab");
        await page.Keyboard.TypeAsync(LabApp.Admin);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(LabApp.Password);
        await page.Keyboard.PressAsync("Enter");
        await visitor.StartedAsync();

        await TabToAsync(page, "[name=agent]:checked");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowUp");
        await TabToAsync(page, "#composer");
        await page.Keyboard.TypeAsync("What is 12 * 12?");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visitor.Messages).ToHaveCountAsync(1);
        await visitor.EndedAsync();
        await Assertions.Expect(page.Locator("#announcer")).ToContainTextAsync("ended: Done");

        // The answer can be scrolled without a mouse, and its tools be reached.
        await TabToAsync(page, "#conversation-scroll");
        await TabToAsync(page, "article.run [title='Answer again']");
        (await page.EvaluateAsync<bool>("document.activeElement.matches(':focus-visible')")).ShouldBeTrue();
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Shortcuts_QuestionMarkAndCtrlK_OpenTheListAndThePalette()
    {
        await using var visitor = await browser.VisitAsync();
        var page = visitor.Page;
        await visitor.GoAsync("/sessions");
        await page.Keyboard.PressAsync("?");
        var shortcuts = page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard shortcuts" });
        await Assertions.Expect(shortcuts).ToBeVisibleAsync();
        await visitor.ShootAsync("shortcuts");
        await visitor.CheckAccessAsync("shortcuts");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(shortcuts).ToBeHiddenAsync();

        await page.Keyboard.PressAsync("Control+k");
        var palette = page.GetByRole(AriaRole.Dialog, new() { Name = "Find or run" });
        await Assertions.Expect(palette).ToBeVisibleAsync();
        await page.Keyboard.TypeAsync("analys");
        await Assertions.Expect(palette.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await Assertions.Expect(palette.GetByRole(AriaRole.Option)).ToContainTextAsync("Ask Analyst");
        await visitor.ShootAsync("palette");
        await visitor.CheckAccessAsync("palette");
        await page.Keyboard.PressAsync("Enter");
        await visitor.AtAsync(@"/lab\?agent=analyst$");
        await Assertions.Expect(page.GetByPlaceholder("Ask Analyst")).ToBeVisibleAsync();

        // Typed into a box, "?" is a letter.
        await visitor.Box.PressSequentiallyAsync("why?");
        await Assertions.Expect(shortcuts).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(palette).ToBeVisibleAsync();
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Filters_TypedFast_KeepEveryLetterAndFollowTheAddress()
    {
        await using var visitor = await browser.VisitAsync();
        var page = visitor.Page;
        foreach (var (path, label) in ((string, string)[])[("/agents", "Name"), ("/sessions", "Words of the title")])
        {
            await visitor.GoAsync(path);
            var box = page.GetByLabel(label, new() { Exact = true });
            await page.Keyboard.PressAsync("/");
            await page.Keyboard.TypeAsync("nothing has these words");
            await Assertions.Expect(page.GetByText("Nothing matches")).ToBeVisibleAsync();
            await visitor.AtAsync("q=nothing.*has.*these.*words$");
            await Assertions.Expect(box).ToHaveValueAsync("nothing has these words");
            await visitor.ShootAsync($"filtered{path.Replace('/', '-')}");
            await page.GetByRole(AriaRole.Link, new() { Name = "Show all" }).ClickAsync();
            await Assertions.Expect(page.GetByText("Nothing matches")).ToHaveCountAsync(0);
            await Assertions.Expect(box).ToHaveValueAsync("");
        }

        visitor.ShouldBeClean();
    }

    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var presses = 0; presses < MostStops; presses++)
        {
            if (await page.EvaluateAsync<bool>("s => document.activeElement?.matches(s) ?? false", selector))
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        throw new ShouldAssertException($"Tab does not lead to {selector}.");
    }
}

using AgentLab.Core.Agents;
using AgentLab.Tests.Fakes.OpenAiServer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class HostileTextTests(BrowserFixture browser)
{
    private const string Markup = "<script>window.pwned=1</script><img src=x onerror=\"window.pwned=2\"><svg onload=\"window.pwned=3\"></svg>";

    private const string Answer = $"""
        {Markup}

        <iframe src="https://outside.example/frame"></iframe><style>body{"{"}display:none{"}"}</style>

        [a link](javascript:window.pwned=4) and [another](JaVaScRiPt:window.pwned=5) and [data](data:text/html,<script>window.pwned=6</script>)

        ![a picture](https://outside.example/leak.png?secret) and ![own](/favicon.svg)

        <https://outside.example/auto> [good](https://outside.example/page "title\" onmouseover=\"window.pwned=7")

        | a | b |
        |---|---|
        | <b onclick="window.pwned=8">x</b> | `<script>window.pwned=9</script>` |

        ```html
        <script>window.pwned=10</script>
        ```

        # Heading {"{"}onclick=window.pwned=11{"}"}

        The end of it.
        """;

    [Fact]
    public async Task Answer_WithScriptsHandlersAndImages_IsShownAsTextAndReachesNobody()
    {
        browser.Model.Next(ModelScript.Says(Answer, TimeSpan.FromMilliseconds(2)));
        await using var visitor = await browser.VisitAsync();
        var page = visitor.Page;
        await visitor.StartWithAsync(BrowserFixture.ScriptedAgent);
        await visitor.AskAsync($"My message has {Markup} too");
        await visitor.EndedAsync();
        await Assertions.Expect(visitor.Text).ToContainTextAsync("The end of it.");
        await ShouldBeHarmlessAsync(page);
        (await visitor.Text.Locator("img, script, iframe, style, svg, object, embed, form, input:not([type=checkbox])").CountAsync()).ShouldBe(0);

        var links = await visitor.Text.Locator("a").EvaluateAllAsync<string[]>("links => links.map(a => a.href)");
        links.ShouldNotBeEmpty();
        links.ShouldAllBe(href => href.StartsWith("https://outside.example/", StringComparison.Ordinal));
        (await visitor.Text.Locator("a").EvaluateAllAsync<string[]>("links => links.map(a => a.rel + ' ' + a.target)")).ShouldAllBe(rel => rel == "noopener noreferrer nofollow _blank");
        foreach (var text in (string[])["a link", "another"])
        {
            await visitor.Text.GetByText(text).First.ClickAsync();
        }

        await visitor.ShootAsync("hostile-answer");

        // The title was made of the message; the lists, the tab and the palette show it too.
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("<script>");
        foreach (var tab in (string[])["Artifacts", "Usage", "Events", "Timeline"])
        {
            await page.GetByRole(AriaRole.Tab, new() { Name = tab }).ClickAsync();
            await ShouldBeHarmlessAsync(page);
        }

        await page.ReloadAsync();
        await visitor.StartedAsync();
        await Assertions.Expect(visitor.Text).ToContainTextAsync("The end of it.");
        await ShouldBeHarmlessAsync(page);
        await visitor.GoAsync("/sessions");
        await Assertions.Expect(page.GetByRole(AriaRole.Table)).ToContainTextAsync("<script>");
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("My message has");
        await Assertions.Expect(page.GetByRole(AriaRole.Option).Filter(new() { HasText = "<script>" })).Not.ToHaveCountAsync(0);
        await ShouldBeHarmlessAsync(page);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task AgentName_WithMarkup_IsTextOnEveryPage()
    {
        const string Name = "<img src=x onerror=window.pwned=1>Evil";
        await BrowserFixture.EnsureAgentAsync(browser.App, Name, Markup);
        var agents = browser.App.Services.GetRequiredService<IAgentStore>();
        var actor = await BrowserFixture.AdministratorAsync(browser.App);
        var agent = (await agents.ListAsync(new AgentQuery { Text = "Evil" }, actor, CancellationToken.None)).Items.Single();
        await using var visitor = await browser.VisitAsync();
        var page = visitor.Page;
        foreach (var path in (string[])["/lab", $"/lab?agent={agent.Slug}", "/agents", $"/agents/{agent.Id}", "/capabilities"])
        {
            await visitor.GoAsync(path);
            await Assertions.Expect(page.GetByText("onerror=window.pwned=1>Evil").First).ToBeVisibleAsync();
            await ShouldBeHarmlessAsync(page);
        }

        await visitor.GoAsync($"/lab?agent={agent.Slug}");
        await page.GetByRole(AriaRole.Group, new() { Name = "Suggested prompts" }).GetByRole(AriaRole.Button).ClickAsync();
        await visitor.EndedAsync();
        await ShouldBeHarmlessAsync(page);

        // Others' tests see an agent list without it.
        await agents.DeleteAsync(agent.Id, actor, CancellationToken.None);
        visitor.ShouldBeClean();
    }

    private static async Task ShouldBeHarmlessAsync(IPage page)
    {
        (await page.EvaluateAsync<bool>("typeof window.pwned === 'undefined'")).ShouldBeTrue("Something of the text ran.");
        (await page.Locator("img[src*='x'][onerror], [onclick], [onload], [onmouseover]").CountAsync()).ShouldBe(0);
    }
}

using AgentLab.Core.Agents;
using AgentLab.Core.Sessions;
using AgentLab.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

/// <summary>Every page in light and dark, wide and narrow: nothing keeps people out, nothing complains, nothing runs off the side.</summary>
[Collection(BrowserTests.Name)]
public sealed class LookTests(BrowserFixture browser)
{
    private static readonly string[] Questions =
    [
        "Which region brought the most revenue?", "Top five products by revenue", "How did revenue change from month to month?",
        "What is the average number of days to deliver in each region?",
    ];

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Pages_InEveryThemeAndWidth_AreOpenToAll(ColorScheme scheme, int width)
    {
        var session = await FinishedSessionAsync();
        var actor = await BrowserFixture.AdministratorAsync(browser.App);
        var analyst = await browser.App.Services.GetRequiredService<IAgentStore>().FindAsync("analyst", actor, CancellationToken.None);
        await using var visitor = await browser.VisitAsync(width: width, height: width == 390 ? 844 : 900, scheme: scheme);
        var (page, look) = (visitor.Page, $"{scheme.ToString().ToLowerInvariant()}-{width}");
        (string Name, string Path, string Shows)[] pages =
        [
            ("lab", "/lab", "What shall we find out?"),
            ("session", $"/lab/{session}", "Reply to Analyst"),
            ("sessions", "/sessions", "Which region brought the most revenue?"),
            ("agents", "/agents", "Researcher"),
            ("agent", $"/agents/{analyst!.Id}", "Save a new version"),
            ("agent-new", "/agents/new", "Create agent"),
            ("providers", "/settings/providers", "Rehearsal model"),
            ("provider-new", "/settings/providers/new", "Add a provider"),
            ("capabilities", "/capabilities", "table_query"),
        ];
        foreach (var (name, path, shows) in pages)
        {
            await visitor.GoAsync(path);
            await Assertions.Expect(page.GetByText(shows).Or(page.GetByPlaceholder(shows)).First).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator(".skeleton")).ToHaveCountAsync(0);
            await CheckAsync(visitor, name, look);
        }

        foreach (var (name, path) in ((string, string)[])[("missing", "/no-such-page"), ("api", "/docs/api"), ("account", "/account"), ("sign-out", "/account/sign-out")])
        {
            await page.GotoAsync(path);
            await Assertions.Expect(page.GetByRole(AriaRole.Heading).First).ToBeVisibleAsync();
            await CheckAsync(visitor, name, look);
        }

        visitor.ShouldBeClean("status of 404");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task PagesBeforeSignIn_InBothThemes_AreOpenToAll(ColorScheme scheme)
    {
        var look = scheme.ToString().ToLowerInvariant();
        await using var fresh = await LabApp.StartAsync(setUp: false);
        foreach (var (app, path, name) in ((LabApp, string, string)[])[(fresh, "/setup", "setup"), (browser.App, "/account/sign-in", "sign-in")])
        {
            await using var visitor = await browser.VisitAsync(app, signedIn: false, scheme: scheme);
            await visitor.Page.GotoAsync(path);
            await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Button).First).ToBeVisibleAsync();
            await CheckAsync(visitor, name, look);
            visitor.ShouldBeClean();
        }
    }

    [Fact]
    public async Task Telephone_AsksByTouchAndUsesTheDrawer()
    {
        await using var visitor = await browser.VisitAsync(width: 390, height: 844);
        var page = visitor.Page;
        await visitor.StartWithAsync("Analyst");
        await Assertions.Expect(visitor.Send).ToBeInViewportAsync(new() { Ratio = 1 });
        await visitor.AskAsync("How many orders are late, and whose?");
        await visitor.EndedAsync();
        (await visitor.ScrollsSidewaysAsync()).ShouldBeFalse();
        var box = (await visitor.Box.BoundingBoxAsync())!;
        box.Width.ShouldBeGreaterThan(250);
        (box.Y + box.Height).ShouldBeLessThan(844, "The composer lies within the screen.");

        await page.GetByRole(AriaRole.Button, new() { Name = "Inspector" }).Last.ClickAsync();
        await Assertions.Expect(visitor.Timeline).ToBeVisibleAsync();
        await visitor.ShootAsync("telephone-inspector");
        await page.GetByRole(AriaRole.Group, new() { Name = "Show" }).GetByRole(AriaRole.Button, new() { Name = "Sessions" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = new("How many orders are late") }).First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Group, new() { Name = "Show" }).GetByRole(AriaRole.Button, new() { Name = "Conversation" }).ClickAsync();
        await Assertions.Expect(visitor.Box).ToBeVisibleAsync();

        var drawer = page.GetByRole(AriaRole.Navigation, new() { Name = "Main" });
        await Assertions.Expect(drawer).Not.ToBeInViewportAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Navigation" }).ClickAsync();
        await Assertions.Expect(drawer).ToBeInViewportAsync();
        await visitor.ShootAsync("telephone-drawer");
        await visitor.CheckAccessAsync("drawer");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(drawer).Not.ToBeInViewportAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Navigation" }).ClickAsync();
        await drawer.GetByRole(AriaRole.Link, new() { Name = "Agents" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Agents", Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(drawer).Not.ToBeInViewportAsync();
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Theme_ChosenInTheMenu_OutlivesAReload()
    {
        await using var visitor = await browser.VisitAsync();
        var page = visitor.Page;
        await visitor.GoAsync("/agents");
        await page.GetByLabel("Theme", new() { Exact = true }).First.ClickAsync();
        await page.GetByRole(AriaRole.Menuitemradio, new() { Name = "Dark" }).ClickAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.ReloadAsync();
        await visitor.StartedAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.GetByLabel("Theme", new() { Exact = true }).First.ClickAsync();
        await visitor.ShootAsync("theme-menu");
        await visitor.CheckAccessAsync("theme menu");
        visitor.ShouldBeClean();
    }

    private static async Task CheckAsync(Visitor visitor, string name, string look)
    {
        await visitor.ShootAsync($"{name}-{look}");
        (await visitor.Page.EvaluateAsync<string>("document.documentElement.dataset.theme")).ShouldBe(look.StartsWith("dark", StringComparison.Ordinal) ? "dark" : "light");
        await visitor.CheckAccessAsync($"{name}, {look}");
        (await visitor.ScrollsSidewaysAsync()).ShouldBeFalse($"{name}, {look}: the page scrolls sideways.");
    }

    // The same finished conversations for all of them, the first question's the newest.
    private async Task<SessionId> FinishedSessionAsync()
    {
        SessionId? id = null;
        foreach (var question in Questions.Reverse())
        {
            id = await FinishedSessionAsync(question);
        }

        return id!.Value;
    }

    private async Task<SessionId> FinishedSessionAsync(string question)
    {
        var actor = await BrowserFixture.AdministratorAsync(browser.App);
        var reader = browser.App.Services.GetRequiredService<ISessionReader>();
        var query = new SessionQuery { Text = question, Status = SessionStatus.Completed, Limit = 1 };
        if ((await reader.ListAsync(query, CancellationToken.None)).Items is [var done])
        {
            return done.Id;
        }

        await browser.App.Services.GetRequiredService<ISessionCommands>().StartAsync(new StartSession("analyst", question), actor, CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if ((await reader.ListAsync(query, patience.Token)).Items is [var ended])
            {
                return ended.Id;
            }

            await Task.Delay(100, patience.Token);
        }
    }
}

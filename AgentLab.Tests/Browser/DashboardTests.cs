using AgentLab.Core.Sessions;
using AgentLab.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

/// <summary>The dashboard as people see it: live, and open to all in every theme and width.</summary>
[Collection(BrowserTests.Name)]
public sealed class DashboardTests(BrowserFixture browser)
{
    [Fact]
    public async Task Dashboard_WhileRunsEnd_FollowsWithoutAReload()
    {
        await using var app = await browser.StartAppAsync();
        await using var visitor = await browser.VisitAsync(app, width: 1440, height: 900);
        var page = visitor.Page;
        await visitor.GoAsync("/dashboard?period=week");
        await Assertions.Expect(page.GetByText("No runs in 7 days")).ToBeVisibleAsync();
        await visitor.ShootAsync("dashboard-empty");
        await visitor.CheckAccessAsync("dashboard, empty");
        await page.EvaluateAsync("window.stayed = true");

        await AskAsync(app, "analyst", "What is 40 + 2?");

        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Analyst" });
        await Assertions.Expect(row.GetByRole(AriaRole.Cell).Nth(1)).ToHaveTextAsync("1");
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { NameRegex = new("^Runs: 1 in all") })).ToBeVisibleAsync();
        await AskAsync(app, "analyst", "What is 40 + 3?");
        await Assertions.Expect(row.GetByRole(AriaRole.Cell).Nth(1)).ToHaveTextAsync("2");
        await page.GetByText("Show as a table").First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Runs, as a table" })).ToBeVisibleAsync();
        (await page.EvaluateAsync<bool>("window.stayed")).ShouldBeTrue();
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Filters_Chosen_StandInTheAddressAndOutliveAReload()
    {
        await using var visitor = await browser.VisitAsync();
        var page = visitor.Page;
        await visitor.GoAsync("/dashboard");

        await page.GetByLabel("Period").SelectOptionAsync("month");
        await visitor.AtAsync("period=month");
        await page.GetByLabel("Whose runs").SelectOptionAsync("mine");
        await visitor.AtAsync("runs=mine");
        await page.ReloadAsync();
        await visitor.StartedAsync();

        await Assertions.Expect(page.GetByLabel("Period")).ToHaveValueAsync("month");
        await Assertions.Expect(page.GetByLabel("Whose runs")).ToHaveValueAsync("mine");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Runs", Exact = true })).ToBeVisibleAsync();
        visitor.ShouldBeClean();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Dashboard_InEveryThemeAndWidth_IsOpenToAll(ColorScheme scheme, int width)
    {
        await AskAsync(browser.App, "analyst", "Which region brought the most revenue?");
        await AskAsync(browser.App, "guide", "What can you do?");
        await using var visitor = await browser.VisitAsync(width: width, height: width == 390 ? 844 : 900, scheme: scheme);
        var (page, look) = (visitor.Page, $"{scheme.ToString().ToLowerInvariant()}-{width}");
        foreach (var period in (string[])["today", "month"])
        {
            await visitor.GoAsync($"/dashboard?period={period}");
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Runs", Exact = true })).ToBeVisibleAsync();
            await visitor.ShootAsync($"dashboard-{period}-{look}");
            await visitor.CheckAccessAsync($"dashboard {period}, {look}");
            (await visitor.ScrollsSidewaysAsync()).ShouldBeFalse();
        }

        visitor.ShouldBeClean();
    }

    private static async Task AskAsync(LabApp app, string agent, string text)
    {
        var actor = await BrowserFixture.AdministratorAsync(app);
        var started = await app.Services.GetRequiredService<ISessionCommands>().StartAsync(new StartSession(agent, text), actor, CancellationToken.None);
        started.Ok.ShouldBeTrue(started.Error?.Message);
        await Eventually.TrueAsync(async () =>
            (await app.Services.GetRequiredService<ISessionReader>().FindAsync(started.Value.Session.Id, CancellationToken.None)) is { ActiveRunId: null });
    }
}

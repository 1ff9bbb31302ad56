using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class ApiDocsTests(BrowserFixture browser)
{
    [Fact]
    public async Task ApiDocs_ChosenOperation_IsDescribedAndCanBeTried()
    {
        await using var visitor = await browser.VisitAsync();
        await visitor.Page.GotoAsync("/docs/api");

        await visitor.Page.GetByRole(AriaRole.Searchbox).FillAsync("capabilities");
        await visitor.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("what agents, workflows, tools and models") }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();

        var answer = visitor.Page.GetByRole(AriaRole.Region, new() { Name = "Answer" });
        await Assertions.Expect(answer).ToContainTextAsync("200");
        await Assertions.Expect(answer).ToContainTextAsync("\"slug\": \"analyst\"");
        await visitor.CheckAccessAsync("API");
        await visitor.ShootAsync("api-docs");
        await visitor.Page.SetViewportSizeAsync(390, 844);
        (await visitor.ScrollsSidewaysAsync()).ShouldBeFalse();
        await visitor.ShootAsync("api-docs-phone");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task ApiDocs_StartedSession_CanBeFollowed()
    {
        await using var visitor = await browser.VisitAsync();
        await visitor.Page.GotoAsync("/docs/api#StartSession");
        await visitor.Page.GetByLabel("Body (JSON)").FillAsync("""{"agent":"analyst","message":"How many orders are late?"}""");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        var answer = visitor.Page.GetByRole(AriaRole.Region, new() { Name = "Answer" });
        await Assertions.Expect(answer).ToContainTextAsync("201");
        var id = Regex.Match(await answer.InnerTextAsync(), "\"id\": \"([^\"]+)\"").Groups[1].Value;

        await visitor.Page.GotoAsync("/docs/api#ReadEvents");
        await visitor.Page.GetByLabel("id (path) *").FillAsync(id);
        await visitor.Page.GetByLabel("Follow as server-sent events").CheckAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Assertions.Expect(answer).ToContainTextAsync("event: open");
        await Assertions.Expect(answer).ToContainTextAsync("\"type\":\"run.completed\"");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();

        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Send" })).ToBeEnabledAsync();
        visitor.ShouldBeClean();
    }
}

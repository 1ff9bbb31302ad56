using AgentLab.Core.Sessions;
using AgentLab.Tests.Api;
using AgentLab.Web.Features.Sessions;
using Bunit;

namespace AgentLab.Tests.Web.Sessions;

public sealed class SessionsPageTests(LabAppFixture fixture) : PageContext(fixture)
{
    [Fact]
    public async Task Open_WithoutSessions_SaysWhatTheyAreAndOffersTheFirst()
    {
        await SignInAsync(LabApp.Viewer);

        var page = Render<SessionsPage>();

        page.WaitForAssertion(() => page.Find("h2").TextContent.ShouldBe("No sessions yet"));
    }

    [Fact]
    public async Task Open_MoreThanAPage_ShowsTwentyAndLeadsOn()
    {
        var actor = await SignInAsync(LabApp.Editor);
        for (var i = 0; i < 21; i++)
        {
            (await Get<ISessionCommands>().StartAsync(new StartSession("analyst", $"What is {i} + 1?"), actor, CancellationToken.None)).Ok.ShouldBeTrue();
        }

        var page = Render<SessionsPage>();

        page.WaitForAssertion(() => page.FindAll("tbody tr").Count.ShouldBe(20));
        page.Find(".pager a").GetAttribute("href").ShouldNotBeNull().ShouldContain("cursor=");
    }

    [Fact]
    public async Task Open_OthersSessions_ShowsNone()
    {
        await AskAsync(await SignInAsync(), "What is 40 + 2?");
        await SignInAsync(LabApp.Other);

        var page = Render<SessionsPage>();

        page.WaitForAssertion(() => page.FindAll(".skeleton").ShouldBeEmpty());
        page.Markup.ShouldNotContain("What is 40 + 2?");
    }
}

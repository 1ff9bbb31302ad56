using AgentLab.Tests.Fakes.OpenAiServer;
using AgentLab.Tests.Fakes;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class RestartTests(BrowserFixture browser)
{
    [Fact]
    public async Task Server_RestartedInMidAnswer_ThePageSaysSoAndThenShowsTheFinishedAnswer()
    {
        var directory = Directory.CreateTempSubdirectory("agentlab-restart-").FullName;
        try
        {
            await RestartAsync(directory);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private async Task RestartAsync(string directory)
    {
        browser.Model.Next(ModelScript.Says("Words before the restart").Hang(), ModelScript.Says("The answer, whole, after the restart."));
        var app = await browser.StartAppAsync(directory, Ports.Free());
        await using var visitor = await browser.VisitAsync(app);
        try
        {
            await visitor.StartWithAsync(BrowserFixture.ScriptedAgent);
            await visitor.AskAsync("Outlive a restart");
            await Assertions.Expect(visitor.Text).ToContainTextAsync("Words before the restart");
            var port = app.BaseAddress.Port;
            await app.DisposeAsync();

            await Assertions.Expect(visitor.Page.GetByText("Nothing is lost: the page catches up by itself.")).ToBeVisibleAsync();
            await Assertions.Expect(visitor.Page.Locator("[data-connection-text]").First).ToContainTextAsync("Reconnecting");
            await Assertions.Expect(visitor.Text).ToContainTextAsync("Words before the restart");
            await visitor.ShootAsync("reconnecting");

            app = await browser.StartAppAsync(directory, port);
            await Assertions.Expect(visitor.Text).ToHaveTextAsync("The answer, whole, after the restart.", new() { Timeout = Visitor.Patience * 3 });
            await visitor.StartedAsync();
            await visitor.EndedAsync();
            await Assertions.Expect(visitor.Page.Locator("[data-connection-text]").First).ToHaveTextAsync("Live");
            (await BrowserFixture.LoggedAnswerAsync(app, visitor.Session)).ShouldBe("The answer, whole, after the restart.");
            await Assertions.Expect(visitor.Messages).ToHaveCountAsync(1);
            await Assertions.Expect(visitor.Timeline).ToContainTextAsync("Went on after a restart");
        }
        finally
        {
            await app.DisposeAsync();
        }

        visitor.ShouldBeClean(Visitor.ComplaintsOfALostLine);
    }
}

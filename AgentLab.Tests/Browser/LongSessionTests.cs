using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Data.Projects;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class LongSessionTests(BrowserFixture browser)
{
    /// <summary>Events of one question with its answer: message, run, three steps with deltas, end.</summary>
    private const int EventsPerTurn = 100;

    private const int MostRows = 150;

    private static readonly int Turns = Environment.GetEnvironmentVariable("AGENTLAB_TEST_FULL") == "1" ? 1_000 : 200;

    [Fact]
    public async Task Session_OfThousandsOfEvents_OpensWithFewRowsAndReachesItsFirst()
    {
        var session = await MakeAsync();
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var page = visitor.Page;
        await visitor.GoAsync($"/lab/{session}");
        await Assertions.Expect(visitor.Text).ToContainTextAsync($"Answer {Turns}.");
        await Assertions.Expect(visitor.Timeline.GetByRole(AriaRole.Listitem).First).ToBeVisibleAsync();
        await ShouldHaveFewRowsAsync(visitor);
        await visitor.ShootAsync("long-session");

        // Earlier messages come in above what is read, which stays in sight.
        var first = visitor.Messages.Filter(new() { HasText = await visitor.Messages.First.Locator(".said").InnerTextAsync() });
        await page.GetByRole(AriaRole.Button, new() { Name = "Show earlier messages" }).ClickAsync();
        await Assertions.Expect(visitor.Messages.First.Locator(".said")).Not.ToHaveTextAsync(await first.Locator(".said").InnerTextAsync());
        await Assertions.Expect(first).ToBeInViewportAsync();
        await Assertions.Expect(page.Locator("[data-follow-pill]")).ToBeHiddenAsync();
        await visitor.ShootAsync("long-session-earlier");

        await ShouldHaveFewRowsAsync(visitor);
        await page.GetByRole(AriaRole.Tab, new() { Name = "Events" }).ClickAsync();
        await Assertions.Expect(page.GetByText($"{1 + (Turns * EventsPerTurn):N0} events", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByLabel("Go to").FillAsync("1");
        await page.GetByLabel("Go to").PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.List, new() { Name = "Events" })).ToContainTextAsync("session.created");
        await ShouldHaveFewRowsAsync(visitor);
        visitor.ShouldBeClean();
    }

    private static async Task ShouldHaveFewRowsAsync(Visitor visitor)
    {
        var rows = await visitor.Page.EvaluateAsync<int>("document.querySelectorAll('article.turn, [role=list] [role=listitem]').length");
        rows.ShouldBeInRange(1, MostRows);
    }

    private async Task<SessionId> MakeAsync()
    {
        var log = browser.App.Services.GetRequiredService<ISessionLog>();
        var owner = (await BrowserFixture.AdministratorAsync(browser.App)).UserId;
        var id = SessionId.New();
        await AppendAsync(log, new SessionAppend(id, [new(new SessionCreated("A long session", Guid.Empty, 1, "Analyst", owner, Project.DefaultId))])
        {
            Create = new NewSession(owner, Project.DefaultId),
        });
        for (var turn = 1; turn <= Turns; turn++)
        {
            await AppendAsync(log, new SessionAppend(id, [.. Turn(turn)]));
        }

        return id;
    }

    private static async Task AppendAsync(ISessionLog log, SessionAppend append) =>
        (await log.AppendAsync(append, CancellationToken.None)).Landed.ShouldBeTrue();

    private static IEnumerable<NewEvent> Turn(int number)
    {
        const int Others = 13;
        var (run, usage) = (RunId.New(), new UsageTotals(120, 80, 0));
        var arguments = JsonSerializer.SerializeToElement(new { expression = $"{number} + 1" });
        yield return new(new MessageUser($"Question {number}?"));
        yield return new(new RunStarted("message", Guid.Empty, 1, new RunLimits()), run);
        yield return new(new StepStarted("model", "rehearsal"), run, "1", 1);
        yield return new(new ModelCompleted(TextContent.Empty, [new("call_1", "calculator", arguments)], "tool_calls", "rehearsal", "rehearsal", usage, 12), run, "1", 1);
        yield return new(new StepCompleted(12), run, "1", 1);
        yield return new(new StepStarted("tool", "calculator"), run, "2", 1);
        yield return new(new ToolRequested("call_1", "calculator", arguments, "read", true, $"key-{number}"), run, "2", 1);
        yield return new(new ToolCompleted("call_1", "calculator", new TextContent($"{number + 1}"), 3), run, "2", 1);
        yield return new(new StepCompleted(3), run, "2", 1);
        yield return new(new StepStarted("model", "rehearsal"), run, "3", 1);
        for (var word = 0; word < EventsPerTurn - Others; word++)
        {
            yield return new(new ModelDelta($"w{word} "), run, "3", 1);
        }

        yield return new(new ModelCompleted(new TextContent($"Answer {number}."), [], "stop", "rehearsal", "rehearsal", usage, 40), run, "3", 1);
        yield return new(new StepCompleted(40), run, "3", 1);
        yield return new(new RunCompleted(3, usage, 60), run);
    }
}

using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Tests.Fakes.OpenAiServer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class AskTests(BrowserFixture browser)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);
    private static readonly string Long = string.Join(' ', Enumerable.Range(1, 60).Select(n => $"word{n}"));

    [Fact]
    public async Task SuggestedPrompt_OfTheAnalyst_StreamsItsAnswerWithItsToolCallsInTheTimeline()
    {
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var page = visitor.Page;
        await visitor.StartWithAsync("Analyst");
        await page.GetByRole(AriaRole.Button, new() { Name = "Which region brought the most revenue?" }).ClickAsync();
        await Assertions.Expect(visitor.Messages).ToHaveCountAsync(1);
        await visitor.EndedAsync();

        var lengths = await visitor.LengthsAsync();
        lengths.Length.ShouldBeGreaterThan(3, "The words arrive one after the other, not all at once.");
        lengths.ShouldBeInOrder();
        await Assertions.Expect(visitor.Text).ToContainTextAsync("revenue");

        var step = visitor.Timeline.GetByRole(AriaRole.Button, new() { NameRegex = new("^table_query") }).First;
        await Assertions.Expect(step).ToContainTextAsync("Done");
        await step.ClickAsync();
        await visitor.Timeline.GetByText("Called table_query").First.ClickAsync();
        var detail = page.GetByRole(AriaRole.Region, new() { NameRegex = new("^Event ") });
        var requested = JsonDocument.Parse(await detail.Locator("code[data-copy-source]").InnerTextAsync()).RootElement;
        requested.GetProperty("arguments").GetProperty("table").GetString().ShouldBe("orders");
        await visitor.Timeline.GetByText("table_query answered").First.ClickAsync();
        await Assertions.Expect(detail).ToContainTextAsync("tool.completed");
        await Assertions.Expect(detail).ToContainTextAsync("result");

        var card = visitor.Answers.Last.Locator("details.tool").Filter(new() { HasText = "table_query" }).First;
        await card.Locator("summary").ClickAsync();
        await Assertions.Expect(card).ToContainTextAsync("Arguments");
        await Assertions.Expect(card).ToContainTextAsync("Result");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Stop_InMidAnswer_KeepsTheWordsAndRetryAnswersAgain()
    {
        browser.Model.Next(ModelScript.Says("First words of it", Pause).Hang());
        await using var visitor = await browser.VisitAsync();
        await visitor.StartWithAsync(BrowserFixture.ScriptedAgent);
        await visitor.AskAsync("Tell me");
        await Assertions.Expect(visitor.Text).ToHaveTextAsync("First words of it");
        await Assertions.Expect(visitor.Answers.Last).ToHaveAttributeAsync("aria-busy", "true");
        await visitor.Stop.ClickAsync();
        await visitor.EndedAsync("Stopped");
        await Assertions.Expect(visitor.Answers.Last).ToContainTextAsync("You stopped it here.");
        await Assertions.Expect(visitor.Text).ToHaveTextAsync("First words of it");
        await Assertions.Expect(visitor.Stop).ToHaveCountAsync(0);

        browser.Model.Next(ModelScript.Says("The whole answer."));
        await visitor.Answers.Last.GetByTitle("Answer again").ClickAsync();
        await visitor.EndedAsync();
        await Assertions.Expect(visitor.Text).ToHaveTextAsync("The whole answer.");
        await Assertions.Expect(visitor.Messages.Filter(new() { Visible = true })).ToHaveCountAsync(1);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task EditAndSendAgain_AnEarlierMessage_GoesOnFromThereAndFoldsWhatWas()
    {
        browser.Model.Next(ModelScript.Says("About cats."), ModelScript.Says("About dogs."));
        await using var visitor = await browser.VisitAsync();
        var page = visitor.Page;
        await visitor.StartWithAsync(BrowserFixture.ScriptedAgent);
        await visitor.AskAsync("Cats?");
        await visitor.EndedAsync();
        await visitor.Messages.First.HoverAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit and send again" }).ClickAsync();
        await Assertions.Expect(visitor.Box).ToHaveValueAsync("Cats?");
        await visitor.Box.FillAsync("Dogs?");
        await visitor.Send.ClickAsync();
        await Assertions.Expect(visitor.Text).ToHaveTextAsync("About dogs.");
        await visitor.EndedAsync();

        await Assertions.Expect(page.GetByText("About cats.")).ToBeHiddenAsync();
        await page.GetByText("Earlier version").ClickAsync();
        await Assertions.Expect(page.GetByText("About cats.")).ToBeVisibleAsync();
        browser.Model.Requests[^1].Body.GetRawText().ShouldNotContain("Cats");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Reload_InMidAnswer_LosesNothing()
    {
        var second = new TaskCompletionSource();
        browser.Model.Next(ModelScript.Says(Long, TimeSpan.FromMilliseconds(5)).WaitFor(second.Task).Say(" and the **end** of it.", Pause));
        await using var visitor = await browser.VisitAsync();
        await visitor.StartWithAsync(BrowserFixture.ScriptedAgent);
        await visitor.AskAsync("At length, please");
        await Assertions.Expect(visitor.Text).ToContainTextAsync("word30");
        await visitor.Page.ReloadAsync();
        await visitor.StartedAsync();
        await Assertions.Expect(visitor.Text).ToHaveTextAsync(Long);
        await Assertions.Expect(visitor.Answers.Last).ToHaveAttributeAsync("aria-busy", "true");
        second.SetResult();
        await visitor.EndedAsync();

        (await BrowserFixture.LoggedAnswerAsync(browser.App, visitor.Session)).ShouldBe($"{Long} and the **end** of it.");
        (await visitor.Text.InnerTextAsync()).Trim().ShouldBe($"{Long} and the end of it.");
        await Assertions.Expect(visitor.Messages).ToHaveCountAsync(1);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Send_PressedTwiceAtOnce_MakesOneMessage()
    {
        await using var visitor = await browser.VisitAsync();
        await visitor.StartWithAsync(BrowserFixture.ScriptedAgent);
        await visitor.Box.FillAsync("Once, by mouse");
        await Assertions.Expect(visitor.Send).ToBeEnabledAsync();
        await visitor.Send.DblClickAsync();
        await Assertions.Expect(visitor.Messages).ToHaveCountAsync(1);
        await visitor.EndedAsync();

        await visitor.Box.FillAsync("Once, by key");
        await Assertions.Expect(visitor.Send).ToBeEnabledAsync();
        await visitor.Box.PressAsync("Enter");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visitor.Messages).ToHaveCountAsync(2);
        await visitor.EndedAsync();

        var events = await browser.App.Services.GetRequiredService<ISessionReader>()
            .ReadAsync(visitor.Session, 0, long.MaxValue, 100, ["message.user", "run.started"], descending: false, CancellationToken.None);
        events.Select(e => e.Type).ShouldBe(["message.user", "run.started", "message.user", "run.started"]);
        (await browser.App.Services.GetRequiredService<ISessionReader>().ListAsync(new SessionQuery { Text = "Once, by", Limit = 10 }, CancellationToken.None)).Items.Count.ShouldBe(1);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Send_EmptyOrTooLong_IsRefusedAndSaysWhy()
    {
        await using var visitor = await browser.VisitAsync();
        await visitor.StartWithAsync(BrowserFixture.ScriptedAgent);
        await Assertions.Expect(visitor.Send).ToBeDisabledAsync();
        await visitor.Box.PressSequentiallyAsync("   ");
        await visitor.Box.PressAsync("Enter");
        await Assertions.Expect(visitor.Send).ToBeDisabledAsync();

        await visitor.Box.FillAsync(new string('x', 5_001));
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "at most 5,000 characters" })).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.GetByText("5,001 of 5,000")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Send).ToBeDisabledAsync();
        await visitor.Box.PressAsync("Enter");
        await visitor.ShootAsync("composer-too-long");

        // A key pressed just before the box was filled waits a moment for the server's word; this one must not find the next text.
        await visitor.Page.WaitForTimeoutAsync(500);
        await visitor.Box.FillAsync(new string('x', 5_000));
        await Assertions.Expect(visitor.Send).ToBeEnabledAsync();
        new Uri(visitor.Page.Url).AbsolutePath.ShouldBe("/lab");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Attachment_OfATable_IsUploadedAndAnswersTheQuestion()
    {
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var page = visitor.Page;
        await visitor.StartWithAsync("Analyst");
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload
        {
            Name = "harvest.csv",
            MimeType = "text/csv",
            Buffer = "fruit,weight\napple,1200\npear,345\napple,34\n"u8.ToArray(),
        });
        await Assertions.Expect(page.GetByRole(AriaRole.List, new() { Name = "Attachments" })).ToContainTextAsync("harvest.csv");
        await visitor.AskAsync("In harvest.csv, what is the sum of weight by fruit?");
        await Assertions.Expect(visitor.Messages.First).ToContainTextAsync("harvest.csv");
        await visitor.EndedAsync();
        await Assertions.Expect(visitor.Text).ToContainTextAsync(new System.Text.RegularExpressions.Regex("1,?234"));
        await visitor.ShootAsync("attachment");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task ProviderFault_InARun_SaysWhatToDoAndRetryAnswers()
    {
        browser.Model.Next(ModelScript.Fails(401, "Incorrect API key provided."));
        await using var visitor = await browser.VisitAsync();
        await visitor.StartWithAsync(BrowserFixture.ScriptedAgent);
        await visitor.AskAsync("Will it fail?");
        await visitor.EndedAsync("Failed");
        await Assertions.Expect(visitor.Answers.Last.GetByRole(AriaRole.Alert)).ToContainTextAsync("The run failed.");
        await visitor.ShootAsync("run-failed");
        await visitor.CheckAccessAsync("failed run");

        browser.Model.Next(ModelScript.Says("Now it works."));
        await visitor.Answers.Last.GetByTitle("Answer again").ClickAsync();
        await Assertions.Expect(visitor.Text).ToHaveTextAsync("Now it works.");
        await visitor.EndedAsync();
        visitor.ShouldBeClean();
    }
}

using System.ComponentModel;
using System.Text.Json;
using AgentLab.Core.Models;
using AgentLab.Core.Models.Rehearsal;
using AgentLab.Tests.Fakes;
using Microsoft.Extensions.AI;

namespace AgentLab.Tests.Core.Models;

public sealed class RehearsalTests
{
    private const string Table = "describe_tables,table_query,calculator,date_time";

    [Theory]
    [InlineData("What is the total revenue by region?", "| West | 46,069.32 |")]
    [InlineData("Which customer ordered most?", "Highest: **Granite Legal**, orders **20**")]
    [InlineData("How many orders are late?", "Number of orders where status is late: **26**")]
    [InlineData("What is the average order value?", "**656.89**")]
    [InlineData("Top 5 products", "| Monitor 27in | 24,322.24 |")]
    [InlineData("Top 3 products by revenue in the North", "where region is North")]
    [InlineData("How many customers are there?", "There are **24** different values of customer")]
    [InlineData("What share of orders was cancelled?", "3.3 %")]
    [InlineData("Which orders are late?", "26 rows of **orders** where status is late; the first 10")]
    [InlineData("Average delivery time per region", "| East | 6.47 |")]
    [InlineData("How many units of each product were sold in March 2026?", "| Copy Paper (box) | 120 |")]
    [InlineData("What was the revenue for customer Kestrel Energy?", "**8,408.71**")]
    [InlineData("orders over 1000 that are not delivered", "status is not delivered and total is above 1000")]
    [InlineData("Tell me about the orders table", "- Orders: **240**")]
    public async Task Answer_QuestionOnTheOrders_ComesFromTheTable(string question, string expected)
    {
        await using var session = new RehearsalSession(Table.Split(','));

        var answer = await session.AskAsync(question);

        answer.ShouldContain(expected);
        answer.ShouldEndWith(AnswerWriter.Notice);
        session.Errors.ShouldBeEmpty();
        session.Rounds.Select(r => r[0].Name).ShouldBe(["describe_tables", "table_query"]);
    }

    [Fact]
    public async Task Answer_FollowUp_LeansOnTheQuestionBefore()
    {
        await using var session = new RehearsalSession(Table.Split(','));
        await session.AskAsync("What is the total revenue by region?");

        (await session.AskAsync("and by category?")).ShouldContain("| Furniture | 41,040.64 |");
        (await session.AskAsync("What about the average?")).ShouldContain("| Category | Average");
    }

    [Fact]
    public async Task Answer_SeveralQuestions_AreAskedInParallel()
    {
        await using var session = new RehearsalSession(Table.Split(','));

        var answer = await session.AskAsync("What is 12.5% of 480, what is the total revenue by region, and how many orders are late?");

        session.Rounds[0].Select(c => c.Name).ShouldBe(["calculator", "describe_tables"]);
        session.Rounds[1].Select(c => c.Name).ShouldBe(["table_query", "table_query"]);
        answer.ShouldSatisfyAllConditions(a => a.ShouldContain("= **60**"), a => a.ShouldContain("West"), a => a.ShouldContain("**26**"));
    }

    [Fact]
    public async Task Answer_ParallelCallsOff_MakesOneAtATime()
    {
        await using var session = new RehearsalSession(Table.Split(','));
        session.Options.AllowMultipleToolCalls = false;

        await session.AskAsync("What is 12.5% of 480 and what time is it in Tokyo?");

        session.Rounds.ShouldAllBe(r => r.Count == 1);
    }

    [Theory]
    [InlineData("What is 2 + 2?", "2 + 2")]
    [InlineData("Calculate (1,250.50 - 99) * 12.", "(1250.50 - 99) * 12")]
    [InlineData("What is 15% of 80?", "15 / 100 * 80")]
    [InlineData("How much is 17 times 23 divided by 2?", "17 * 23 / 2")]
    [InlineData("What is the square root of 144 plus 3?", "sqrt(144) + 3")]
    [InlineData("Is (3 + 4) × 2 = 14?", "(3 + 4) * 2")]
    public void Expressions_InSignsOrWords_AreFound(string text, string expected) =>
        ArithmeticPlanner.Expressions(text).ShouldHaveSingleItem().ShouldBe(expected);

    [Theory]
    [InlineData("It takes 3-5 days.")]
    [InlineData("Since 2026-03-01 at 10:30, see https://example.com/a-1/2+3")]
    [InlineData("Order ORD-1001 of region 5")]
    public void Expressions_InOrdinaryText_AreNotSeen(string text) => ArithmeticPlanner.Expressions(text).ShouldBeEmpty();

    [Fact]
    public async Task Answer_FailedTool_SaysWhy()
    {
        await using var session = new RehearsalSession("fetch_page");

        var answer = await session.AskAsync("Summarise http://127.0.0.1/secret please");

        session.Rounds[0].ShouldHaveSingleItem().Arguments!["url"].ShouldBe("http://127.0.0.1/secret");
        answer.ShouldContain("did not work: 127.0.0.1 is not a public host");
        answer.ShouldEndWith(AnswerWriter.Notice);
    }

    [Fact]
    public async Task Answer_WhateverIsAsked_SaysThatItIsNoLanguageModel()
    {
        await using var session = new RehearsalSession();
        foreach (var question in new[] { "Hello", "", "Write a poem", "How does AgentLab store a session?", "????", "drop table orders; --", new string('a', 5_000) })
        {
            (await session.AskAsync(question)).ShouldContain("not a language model");
        }
    }

    [Fact]
    public async Task Answer_SamePromptTwice_IsTheSame()
    {
        var answers = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            await using var session = new RehearsalSession(Table.Split(','));
            answers.Add(await session.AskAsync("Revenue by region and how many orders are late?") + JsonSerializer.Serialize(session.Rounds.SelectMany(r => r).Select(c => c.CallId)));
        }

        answers[1].ShouldBe(answers[0]);
    }

    [Fact]
    public async Task AnyTool_NamedInTheQuestion_IsCalledWithArgumentsFromTheText()
    {
        var tool = AIFunctionFactory.Create(
            ([Description("The recipient")] string email, string subject, Priority priority, int copies, bool urgent = false) => $"{email}{subject}{priority}{copies}{urgent}",
            "send_message",
            "Sends a message");
        using var client = new RehearsalChatClient(TimeProvider.System, TimeSpan.Zero);

        var response = await client.GetResponseAsync(
            [new ChatMessage(ChatRole.User, "Please send a message to eve@example.com with subject \"Late orders\", priority High, 3 copies")],
            new ChatOptions { Tools = [tool] });

        var call = response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ShouldHaveSingleItem();
        call.Name.ShouldBe("send_message");
        (Text("email"), Text("subject"), Text("copies")).ShouldBe(("eve@example.com", "Late orders", "3"));
        (await tool.InvokeAsync(new AIFunctionArguments(call.Arguments))).ShouldNotBeNull();

        string? Text(string name) => call.Arguments![name]?.ToString();
    }

    [Fact]
    public async Task RequiredTool_ThatFitsNothing_IsCalledAllTheSame()
    {
        var tool = AIFunctionFactory.Create((string city) => city, "weather", "Forecast");
        using var client = new RehearsalChatClient(TimeProvider.System, TimeSpan.Zero);

        var response = await client.GetResponseAsync(
            [new ChatMessage(ChatRole.User, "Is it nice in New York?")], new ChatOptions { Tools = [tool], ToolMode = ChatToolMode.RequireSpecific("weather") });

        var call = response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ShouldHaveSingleItem();
        call.Arguments!["city"]!.ToString().ShouldBe("New York");
    }

    [Fact]
    public async Task StructuredOutput_FitsItsSchemaAndSaysWhatItIs()
    {
        var format = ChatResponseFormat.ForJsonSchema<Ticket>();
        using var client = new RehearsalChatClient(TimeProvider.System, TimeSpan.Zero);

        var response = await client.GetResponseAsync([new ChatMessage(ChatRole.User, "A High ticket: the printer is broken, 2 pages lost")], new ChatOptions { ResponseFormat = format });

        var ticket = JsonSerializer.Deserialize<Ticket>(response.Text, AIJsonUtilities.DefaultOptions)!;
        ticket.Title.ShouldStartWith("Rehearsal model, not a language model");
        ticket.Pages.ShouldBe(2);
    }

    [Fact]
    public async Task Stream_Words_ComeAtTheConfiguredPace()
    {
        var time = new ManualTimeProvider();
        using var client = new RehearsalChatClient(time, TimeSpan.FromMilliseconds(25));
        var updates = new List<ChatResponseUpdate>();
        var reading = Task.Run(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "Hello")]))
            {
                updates.Add(update);
            }
        });

        var ticks = 0;
        while (!reading.IsCompleted)
        {
            if (time.PendingTimers > 0)
            {
                time.Advance(TimeSpan.FromMilliseconds(25));
                ticks++;
            }

            await Task.Yield();
        }

        await reading;
        var response = updates.ToChatResponse();
        updates.Count(u => u.Text.Length > 0).ShouldBe(ticks);
        ticks.ShouldBeGreaterThan(20);
        response.Text.ShouldEndWith(AnswerWriter.Notice);
        response.Usage!.OutputTokenCount.ShouldBe((response.Text.Length + 3) / 4);
    }

    [Fact]
    public async Task Answer_TokenLimit_CutsAtAWord()
    {
        using var client = new RehearsalChatClient(TimeProvider.System, TimeSpan.Zero);

        var response = await client.GetResponseAsync([new ChatMessage(ChatRole.User, "Hello")], new ChatOptions { MaxOutputTokens = 5 });

        response.FinishReason.ShouldBe(ChatFinishReason.Length);
        response.Text.Length.ShouldBeLessThanOrEqualTo(20);
    }

    [Fact]
    public async Task Route_ToTheRehearsalModel_CostsNothing()
    {
        await using var models = ModelsFixture.Create([]);

        var usage = (await models.StreamAsync()).ToChatResponse().GetModelUsage()!;

        (usage.ProviderId, usage.Cost, usage.IsEstimated).ShouldBe(("rehearsal", 0m, true));
        usage.InputTokens.ShouldBeGreaterThan(0);
    }

    private enum Priority
    {
        Low,
        High,
    }

    private sealed record Ticket(string Title, int Pages);
}

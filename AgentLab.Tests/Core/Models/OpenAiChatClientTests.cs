using System.Text.Json;
using AgentLab.Core.Models;
using AgentLab.Tests.Fakes.OpenAiServer;
using Microsoft.Extensions.AI;

namespace AgentLab.Tests.Core.Models;

public sealed class OpenAiChatClientTests
{
    private static readonly AIFunction Adder = AIFunctionFactory.Create((int a, int b) => a + b, "add", "Adds two numbers");

    [Fact]
    public async Task Stream_Words_ArriveOneByOneWithUsageAtTheEnd()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Next(ModelScript.Says("one two three").Usage(input: 1000, output: 500));

        var updates = await models.StreamAsync();

        updates.Where(u => u.Text.Length > 0).Select(u => u.Text).ShouldBe(["one ", "two ", "three"]);
        var usage = updates[^1].GetModelUsage().ShouldNotBeNull();
        (usage.ProviderId, usage.ModelId, usage.InputTokens, usage.OutputTokens, usage.IsEstimated, usage.Attempts).ShouldBe(("test", "test-model", 1000, 500, false, 1));
        usage.Cost.ShouldBe(0.007m);
        usage.TimeToFirstToken.ShouldNotBeNull();

        var response = updates.ToChatResponse();
        (response.Text, response.FinishReason, response.Usage!.OutputTokenCount).ShouldBe(("one two three", ChatFinishReason.Stop, 500));
        response.GetModelUsage().ShouldBe(usage);
        server.Requests[0].Authorization.ShouldBe("Bearer sk-test-0123456789");
    }

    [Fact]
    public async Task Whole_Answer_CarriesTextAndUsage()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Next(ModelScript.Says("one two").Usage(10, 2));

        var response = await models.AskAsync();

        response.Text.ShouldBe("one two");
        response.GetModelUsage()!.Cost.ShouldBe(0.00004m);
        server.Requests[0].Streams.ShouldBeFalse();
    }

    [Fact]
    public async Task Stream_WithoutReportedUsage_IsEstimated()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Next(ModelScript.Says("twelve chars").WithoutUsage());

        var response = (await models.StreamAsync()).ToChatResponse();

        var usage = response.GetModelUsage()!;
        (usage.IsEstimated, usage.OutputTokens).ShouldBe((true, 3));
        response.Usage!.OutputTokenCount.ShouldBe(3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ToolCalls_InParallel_ComeWholeAndInOrder(bool streamed)
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Next(ModelScript.Calls(new ScriptedCall("c1", "add", """{"a":1,"b":2}"""), new ScriptedCall("c2", "add", """{"a":30,"b":4}""")));
        var options = new ChatOptions { Tools = [Adder] };

        var response = streamed ? (await models.StreamAsync(options: options)).ToChatResponse() : await models.AskAsync(options: options);

        response.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
        var calls = response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToList();
        calls.Select(c => (c.CallId, c.Name, c.Arguments!["a"]!.ToString())).ShouldBe([("c1", "add", "1"), ("c2", "add", "30")]);
    }

    [Fact]
    public async Task ToolCalls_AllUnderIndexZero_StaySeparate()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        static string Call(string id, int a) =>
            $$$"""{"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"{{{id}}}","type":"function","function":{"name":"add","arguments":"{\"a\":{{{a}}}}"}}]}}]}""";
        server.Next(ModelScript.Empty.Chunk(Call("c1", 1)).Chunk(Call("c2", 2)));

        var response = (await models.StreamAsync(options: new ChatOptions { Tools = [Adder] })).ToChatResponse();

        response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().Select(c => (c.CallId, c.Arguments!["a"]!.ToString())).ShouldBe([("c1", "1"), ("c2", "2")]);
    }

    [Theory]
    [InlineData("reasoning_content")]
    [InlineData("reasoning")]
    public async Task Stream_Reasoning_IsKeptApartFromTheAnswer(string field)
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Next(ModelScript.Empty
            .Chunk($$$"""{"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"","{{{field}}}":"Hm."}}]}""")
            .Say("Forty-two."));

        var response = (await models.StreamAsync()).ToChatResponse();

        response.Text.ShouldBe("Forty-two.");
        response.Messages.SelectMany(m => m.Contents).OfType<TextReasoningContent>().ShouldHaveSingleItem().Text.ShouldBe("Hm.");
    }

    [Theory]
    [InlineData("""{"a": 1, "b": """)]
    [InlineData("""[1, 2]""")]
    [InlineData("no json")]
    public async Task ToolCall_BrokenArguments_SetItsExceptionInsteadOfThrowing(string arguments)
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Next(ModelScript.Calls("add", arguments));

        var response = (await models.StreamAsync(options: new ChatOptions { Tools = [Adder] })).ToChatResponse();

        var call = response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ShouldHaveSingleItem();
        call.Exception!.Message.ShouldContain("not a JSON object");
        call.Name.ShouldBe("add");
    }

    [Fact]
    public async Task Request_WithOptions_SaysThemInTheProtocol()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        using var schema = JsonDocument.Parse("""{"type":"object","properties":{"x":{"type":"integer"}},"required":["x"]}""");

        await models.StreamAsync(options: new ChatOptions
        {
            Instructions = "Be brief.",
            Temperature = 0.5f,
            MaxOutputTokens = 77,
            Tools = [Adder],
            ToolMode = ChatToolMode.RequireSpecific("add"),
            AllowMultipleToolCalls = false,
            ResponseFormat = ChatResponseFormat.ForJsonSchema(schema.RootElement.Clone(), "thing"),
        });

        var body = server.Requests[0].Body;
        body.GetProperty("messages")[0].GetProperty("role").GetString().ShouldBe("system");
        body.GetProperty("temperature").GetDouble().ShouldBe(0.5, 0.001);
        body.GetProperty("max_tokens").GetInt32().ShouldBe(77);
        body.GetProperty("tools")[0].GetProperty("function").GetProperty("parameters").GetProperty("properties").TryGetProperty("a", out _).ShouldBeTrue();
        body.GetProperty("tool_choice").GetProperty("function").GetProperty("name").GetString().ShouldBe("add");
        body.GetProperty("parallel_tool_calls").GetBoolean().ShouldBeFalse();
        body.GetProperty("stream_options").GetProperty("include_usage").GetBoolean().ShouldBeTrue();
        body.GetProperty("response_format").GetProperty("json_schema").GetProperty("name").GetString().ShouldBe("thing");
    }

    [Fact]
    public async Task Request_WithToolRound_RepeatsCallsAndResults()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        var route = await models.Clients.RouteAsync(null, CancellationToken.None);

        await route.Client.GetResponseAsync(
        [
            new ChatMessage(ChatRole.User, "1+2, and something"),
            new ChatMessage(ChatRole.Assistant,
            [
                new TextContent("Let me see."),
                new FunctionCallContent("c1", "add", new Dictionary<string, object?> { ["a"] = 1, ["b"] = 2 }),
                new FunctionCallContent("c2", "add") { Exception = new FormatException("broken") },
            ]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", 3), new FunctionResultContent("c2", "Error: broken")]),
        ]);

        var messages = server.Requests[0].Messages;
        messages.Select(m => m.GetProperty("role").GetString()).ShouldBe(["user", "assistant", "tool", "tool"]);
        messages[1].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString().ShouldBe("""{"a":1,"b":2}""");
        messages[1].GetProperty("tool_calls")[1].GetProperty("function").GetProperty("arguments").GetString().ShouldBe("{}");
        messages[2].GetProperty("tool_call_id").GetString().ShouldBe("c1");
        server.Requests[0].LastText("tool").ShouldBe("Error: broken");
    }

    [Fact]
    public async Task Request_ToProviderWithoutKey_CarriesNoAuthorization()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.Create([("AgentLab:Providers:local:Endpoint", server.Endpoint.AbsoluteUri), ("AgentLab:Providers:local:Models", "m")]);

        await models.AskAsync();

        server.Requests[0].Authorization.ShouldBeNull();
    }

    [Fact]
    public async Task Stream_ManyAtOnce_NeverMix()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Otherwise = request => ModelScript.Says($"You said {request.LastText("user")} and I repeat {request.LastText("user")}");

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i => (i, Text: (await models.StreamAsync($"marker-{i}.")).ToChatResponse().Text)));

        answers.ShouldAllBe(a => a.Text == $"You said marker-{a.i}. and I repeat marker-{a.i}.");
        server.Answered.ShouldBe(50);
    }

    [Fact]
    public async Task Stream_CancelledByCaller_EndsAsCancellation()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Next(ModelScript.Says("one ").Hang());
        using var cancel = new CancellationTokenSource();
        var route = await models.Clients.RouteAsync(null, CancellationToken.None);
        await using var updates = route.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "?")], null, cancel.Token).GetAsyncEnumerator(cancel.Token);

        (await updates.MoveNextAsync()).ShouldBeTrue();
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await updates.MoveNextAsync());
        models.Health.Get("test").IsHealthy.ShouldBeTrue();
    }
}

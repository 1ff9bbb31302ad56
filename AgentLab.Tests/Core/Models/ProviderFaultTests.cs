using AgentLab.Core.Models;
using AgentLab.Core.Models.OpenAi;
using AgentLab.Tests.Fakes;
using AgentLab.Tests.Fakes.OpenAiServer;
using Microsoft.Extensions.AI;

namespace AgentLab.Tests.Core.Models;

public sealed class ProviderFaultTests
{
    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(408)]
    [InlineData(429)]
    public async Task Call_TransientFault_IsTriedAgain(int status)
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Next(ModelScript.Fails(status), ModelScript.Fails(status), ModelScript.Says("at last"));

        var response = (await models.StreamAsync()).ToChatResponse();

        response.Text.ShouldBe("at last");
        response.GetModelUsage()!.Attempts.ShouldBe(3);
        models.Health.Get("test").IsHealthy.ShouldBeTrue();
    }

    [Theory]
    [InlineData(400, ModelErrorCodes.Rejected)]
    [InlineData(401, ModelErrorCodes.Unauthorized)]
    [InlineData(403, ModelErrorCodes.Unauthorized)]
    [InlineData(404, ModelErrorCodes.Unknown)]
    [InlineData(422, ModelErrorCodes.Rejected)]
    public async Task Call_ClientError_FailsAtOnce(int status, string code)
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Otherwise = _ => ModelScript.Fails(status, "the reason");

        var error = await Should.ThrowAsync<ModelException>(() => models.StreamAsync());

        (error.Code, error.IsTransient, error.Status).ShouldBe((code, false, status));
        error.Message.ShouldContain("the reason");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Call_EndlessFault_EndsAfterItsRetries()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Otherwise = _ => ModelScript.Fails(500);

        var error = await Should.ThrowAsync<ModelException>(() => models.AskAsync());

        (error.Code, error.IsTransient).ShouldBe((ModelErrorCodes.Unavailable, true));
        server.Requests.Count.ShouldBe(4);
        models.Health.Get("test").LastErrorCode.ShouldBe(ModelErrorCodes.Unavailable);
    }

    [Fact]
    public async Task Call_RetryAfter_WaitsAsLongAsTheProviderAsks()
    {
        var time = new ManualTimeProvider();
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server, time);
        server.Next(ModelScript.Fails(429, "slow down", TimeSpan.FromSeconds(7)), ModelScript.Says("thanks"));
        var started = time.GetUtcNow();

        var asking = models.AskAsync();
        await time.AdvanceToNextTimerAsync(TimeSpan.FromSeconds(30));
        var response = await asking;

        response.Text.ShouldBe("thanks");
        (time.GetUtcNow() - started).ShouldBeInRange(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7.1));
    }

    [Fact]
    public async Task Call_WaitingToRetry_ShowsWhenItGoesOn()
    {
        var time = new ManualTimeProvider();
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server, time);
        server.Next(ModelScript.Fails(503, null, TimeSpan.FromSeconds(8)));
        var seen = new List<ProviderHealth>();
        using var subscription = models.Health.Subscribe(seen.Add);

        var asking = models.AskAsync();
        await time.AdvanceToNextTimerAsync(TimeSpan.FromSeconds(30));
        await asking;

        seen.ShouldContain(h => h.RetryAt != null && h.RetryAt - h.ChangedAt >= TimeSpan.FromSeconds(8) && h.LastErrorCode == ModelErrorCodes.Unavailable);
        models.Health.Get("test").RetryAt.ShouldBeNull();
    }

    [Fact]
    public async Task Call_RetryAfterTooLong_FailsAtOnceAndSaysIt()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Next(ModelScript.Fails(429, "come back later", TimeSpan.FromMinutes(10)));

        var error = await Should.ThrowAsync<ModelException>(() => models.AskAsync());

        (error.Code, error.IsTransient, error.RetryAfter).ShouldBe((ModelErrorCodes.RateLimited, true, TimeSpan.FromMinutes(10)));
        server.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_Hanging_EndsAtTheTimeLimit(bool streamed)
    {
        var time = new ManualTimeProvider();
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server, time);
        server.Otherwise = _ => ModelScript.Hangs();

        Task asking = streamed ? models.StreamAsync() : models.AskAsync();
        await server.WaitForRequestAsync();
        time.Advance(TimeSpan.FromSeconds(120));

        var error = await Should.ThrowAsync<ModelException>(() => asking);
        (error.Code, error.IsTransient).ShouldBe((ModelErrorCodes.Timeout, true));
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Stream_HangingInTheMiddle_EndsAtTheTimeLimitWithItsUsage()
    {
        var time = new ManualTimeProvider();
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server, time);
        server.Next(ModelScript.Says("some words").Hang());
        var route = await models.Clients.RouteAsync(null, CancellationToken.None);
        await using var updates = route.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "?")]).GetAsyncEnumerator();
        await updates.MoveNextAsync();
        await updates.MoveNextAsync();

        var next = updates.MoveNextAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(120));

        var error = await Should.ThrowAsync<ModelException>(() => next);
        error.Code.ShouldBe(ModelErrorCodes.Timeout);
        error.Usage!.OutputTokens.ShouldBe(3);
    }

    [Fact]
    public async Task Stream_CancelledInTheMiddle_EndsWithWhatItHadUsed()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Next(ModelScript.Says("some words").Hang());
        var route = await models.Clients.RouteAsync(null, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        await using var updates = route.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "?")], null, stop.Token).GetAsyncEnumerator(CancellationToken.None);
        await updates.MoveNextAsync();
        await updates.MoveNextAsync();

        var next = updates.MoveNextAsync();
        await stop.CancelAsync();

        var cut = (await Record.ExceptionAsync(async () => await next)).ShouldBeOfType<ModelCallCutException>();
        (cut.Usage.OutputTokens, cut.Usage.IsEstimated).ShouldBe((3, true));
        cut.Usage.InputTokens.ShouldBeGreaterThan(0);
        cut.Usage.Cost.ShouldNotBeNull().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Health_AfterAFault_HoldsNothingOfThePrompt()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server, null, ("AgentLab:Models:Retries", "0"));
        server.Next(ModelScript.Fails(400, "cannot answer 'my private question'"), ModelScript.Fails(500, "crashed on 'my private question'"));

        (await Should.ThrowAsync<ModelException>(() => models.AskAsync())).Message.ShouldContain("my private question");
        models.Health.Get("test").IsHealthy.ShouldBeTrue();

        await Should.ThrowAsync<ModelException>(() => models.AskAsync());
        models.Health.Get("test").LastErrorCode.ShouldBe(ModelErrorCodes.Unavailable);
        models.Health.Get("test").ToString().ShouldNotContain("private");
    }

    [Fact]
    public async Task Health_SubscriberThatThrows_DoesNotBreakTheCall()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        using var subscription = models.Health.Subscribe(_ => throw new InvalidOperationException("a viewer's fault"));
        server.Next(ModelScript.Fails(500));

        (await models.AskAsync()).Text.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Stream_CutBeforeTheFirstToken_IsTriedAgain()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Next(ModelScript.Empty.Cut(), ModelScript.Says("whole"));

        (await models.StreamAsync()).ToChatResponse().Text.ShouldBe("whole");
        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Stream_CutAfterTheFirstToken_IsRaisedNotRepeated()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Next(ModelScript.Says("four words came through ").Cut());
        var received = new List<ChatResponseUpdate>();

        var error = await Should.ThrowAsync<ModelException>(() => models.StreamAsync(into: received));

        (error.Code, error.IsTransient).ShouldBe((ModelErrorCodes.Interrupted, true));
        string.Concat(received.Select(u => u.Text)).ShouldBe("four words came through ");
        server.Requests.Count.ShouldBe(1);
        error.Usage!.OutputTokens.ShouldBe(6);
        models.Health.Get("test").LastErrorCode.ShouldBe(ModelErrorCodes.Interrupted);
    }

    [Fact]
    public async Task Stream_EndingWithoutFinishReason_CountsAsCut()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Next(ModelScript.Says("half an ans").Stop());

        (await Should.ThrowAsync<ModelException>(() => models.StreamAsync())).Code.ShouldBe(ModelErrorCodes.Interrupted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_AnsweredWithSomethingElse_SaysSo(bool streamed)
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Otherwise = r => r.Streams ? ModelScript.Empty.Chunk("{ this is no json") : ModelScript.Raw("<html>Welcome</html>");

        var error = await Should.ThrowAsync<ModelException>(() => streamed ? models.StreamAsync() : models.AskAsync());

        (error.Code, error.IsTransient).ShouldBe((ModelErrorCodes.BadResponse, false));
        error.Message.ShouldContain("/v1");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Stream_BrokenJsonInTheMiddle_IsABadResponse()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Next(ModelScript.Says("words ").Chunk("{\"id\":"));

        (await Should.ThrowAsync<ModelException>(() => models.StreamAsync())).Code.ShouldBe(ModelErrorCodes.BadResponse);
    }

    [Fact]
    public async Task Stream_ErrorObjectInside_IsRaised()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Next(ModelScript.Says("words ").Chunk("""{"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"error":{"code":502,"message":"upstream died"}}"""));

        var error = await Should.ThrowAsync<ModelException>(() => models.StreamAsync());

        error.Code.ShouldBe(ModelErrorCodes.Interrupted);
        error.Message.ShouldContain("upstream died");
    }

    [Fact]
    public async Task Call_Redirected_IsNotFollowed()
    {
        await using var elsewhere = await OpenAiTestServer.StartAsync();
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Next(ModelScript.Redirects($"{elsewhere.Endpoint}/chat/completions"));

        var error = await Should.ThrowAsync<ModelException>(() => models.AskAsync());

        error.Code.ShouldBe(ModelErrorCodes.Rejected);
        elsewhere.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Call_ErrorRepeatingTheKey_IsMaskedEverywhere()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.RequiredKey = "another";

        var error = await Should.ThrowAsync<ModelException>(() => models.AskAsync());

        error.Code.ShouldBe(ModelErrorCodes.Unauthorized);
        error.ToString().ShouldContain("***");
        error.ToString().ShouldNotContain("sk-test-0123456789");
        models.Health.Get("test").ToString().ShouldNotContain("sk-test-0123456789");
    }

    [Fact]
    public async Task Call_NobodyListening_IsUnavailable()
    {
        Uri gone;
        await using (var server = await OpenAiTestServer.StartAsync())
        {
            gone = server.Endpoint;
        }

        await using var models = ModelsFixture.Create(ModelsFixture.Provider("test", gone));

        var error = await Should.ThrowAsync<ModelException>(() => models.StreamAsync());

        (error.Code, error.IsTransient).ShouldBe((ModelErrorCodes.Unavailable, true));
        error.Message.ShouldContain("cannot be reached");
    }

    [Fact]
    public async Task Call_AnswerOverTheLimit_IsRefused()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        using var http = new ModelHttp(largestAnswer: 1024 * 1024);
        var provider = new ProviderDefinition { Id = "test", Name = "Test", Endpoint = server.Endpoint };
        using var client = new OpenAiChatClient(provider, "m", http.Client, TimeProvider.System);
        server.Next(ModelScript.Says(new string('x', 2 * 1024 * 1024)));

        var error = await Should.ThrowAsync<ModelException>(() => client.GetResponseAsync([new ChatMessage(ChatRole.User, "?")]));

        error.Code.ShouldBe(ModelErrorCodes.BadResponse);
        error.Message.ShouldContain("1 MB");
    }

    [Fact]
    public async Task Call_PromptTooLong_HasItsOwnCode()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server);
        server.Next(ModelScript.Fails(400, "This model's maximum context length is 8192 tokens."));

        (await Should.ThrowAsync<ModelException>(() => models.AskAsync())).Code.ShouldBe(ModelErrorCodes.ContextTooLong);
    }
}

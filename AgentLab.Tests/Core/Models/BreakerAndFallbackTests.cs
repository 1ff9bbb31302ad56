using AgentLab.Core.Models;
using AgentLab.Tests.Fakes;
using AgentLab.Tests.Fakes.OpenAiServer;
using Microsoft.Extensions.AI;

namespace AgentLab.Tests.Core.Models;

public sealed class BreakerAndFallbackTests
{
    private static readonly (string, string?)[] NoRetries = [("AgentLab:Models:Retries", "0"), ("AgentLab:Models:BreakerFailures", "3")];

    [Fact]
    public async Task Circuit_RepeatedFailures_OpensAndClosesAgain()
    {
        var time = new ManualTimeProvider();
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server, time, NoRetries);
        var states = new List<CircuitState>();
        using var subscription = models.Health.Subscribe(h => states.Add(h.State));
        server.Otherwise = _ => ModelScript.Fails(500);
        for (var i = 0; i < 3; i++)
        {
            await Should.ThrowAsync<ModelException>(() => models.AskAsync());
        }

        var open = await Should.ThrowAsync<ModelException>(() => models.AskAsync());
        (open.Code, open.IsTransient).ShouldBe((ModelErrorCodes.Unavailable, true));
        open.RetryAfter!.Value.ShouldBeInRange(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8));
        server.Requests.Count.ShouldBe(3);
        var health = models.Health.Get("test");
        (health.State, health.RetryAt).ShouldBe((CircuitState.Open, time.GetUtcNow() + TimeSpan.FromSeconds(8)));

        time.Advance(TimeSpan.FromSeconds(8.1));
        server.Otherwise = _ => ModelScript.Says("back");
        (await models.AskAsync()).Text.ShouldBe("back");

        models.Health.Get("test").IsHealthy.ShouldBeTrue();
        states.Distinct().ShouldBe([CircuitState.Closed, CircuitState.Open, CircuitState.HalfOpen]);
    }

    [Fact]
    public async Task Circuit_StillDownWhenTried_StaysOpenLonger()
    {
        var time = new ManualTimeProvider();
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server, time, NoRetries);
        server.Otherwise = _ => ModelScript.Fails(500);
        for (var i = 0; i < 3; i++)
        {
            await Should.ThrowAsync<ModelException>(() => models.AskAsync());
        }

        time.Advance(TimeSpan.FromSeconds(8.1));
        await Should.ThrowAsync<ModelException>(() => models.AskAsync());

        var health = models.Health.Get("test");
        health.State.ShouldBe(CircuitState.Open);
        (health.RetryAt - time.GetUtcNow())!.Value.ShouldBeGreaterThan(TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task Circuit_AnswersCutInTheMiddle_CountAsFailures()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server, null, NoRetries);
        server.Otherwise = _ => ModelScript.Says("some words ").Cut();

        // Each of these opened well and broke later: one success and one failure a call.
        for (var i = 0; i < 4; i++)
        {
            await Should.ThrowAsync<ModelException>(() => models.StreamAsync());
        }

        models.Health.Get("test").State.ShouldBe(CircuitState.Open);
    }

    [Fact]
    public async Task Circuit_ClientErrorsAndRateLimits_DoNotOpenIt()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.For(server, null, NoRetries);
        server.Otherwise = r => ModelScript.Fails(r.Number % 2 == 0 ? 400 : 429);
        for (var i = 0; i < 10; i++)
        {
            await Should.ThrowAsync<ModelException>(() => models.AskAsync());
        }

        server.Requests.Count.ShouldBe(10);
        models.Health.Get("test").State.ShouldBe(CircuitState.Closed);
    }

    [Fact]
    public async Task Fallback_WantedProviderDown_StandInAnswersAndIsNamed()
    {
        await using var first = await OpenAiTestServer.StartAsync();
        await using var second = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.Create([.. ModelsFixture.Provider("first", first.Endpoint), .. ModelsFixture.Provider("second", second.Endpoint, 1, fallback: true)]);
        first.Otherwise = _ => ModelScript.Fails(503);
        second.Otherwise = _ => ModelScript.Says("I stand in");

        var route = await models.Clients.RouteAsync("default", CancellationToken.None);
        var response = (await models.StreamAsync()).ToChatResponse();

        route.Chain.Select(c => c.Reference).ShouldBe(["first/first-model", "second/second-model"]);
        response.Text.ShouldBe("I stand in");
        response.GetModelUsage()!.ProviderId.ShouldBe("second");
    }

    [Fact]
    public async Task Fallback_WantedProviderHangs_StandInAnswersInTime()
    {
        var time = new ManualTimeProvider();
        await using var first = await OpenAiTestServer.StartAsync();
        await using var second = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.Create([.. ModelsFixture.Provider("first", first.Endpoint), .. ModelsFixture.Provider("second", second.Endpoint, 1, fallback: true)], time);
        first.Otherwise = _ => ModelScript.Hangs();
        second.Otherwise = _ => ModelScript.Says("I stand in");

        var asking = models.StreamAsync();
        await first.WaitForRequestAsync();
        time.Advance(TimeSpan.FromSeconds(60));

        (await asking).ToChatResponse().Text.ShouldBe("I stand in");
        first.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Fallback_RequestRefused_GoesNoFurther()
    {
        await using var first = await OpenAiTestServer.StartAsync();
        await using var second = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.Create([.. ModelsFixture.Provider("first", first.Endpoint), .. ModelsFixture.Provider("second", second.Endpoint, 1, fallback: true)]);
        first.Otherwise = _ => ModelScript.Fails(400, "bad prompt");

        await Should.ThrowAsync<ModelException>(() => models.AskAsync());

        second.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Fallback_AfterTheFirstToken_IsNotUsed()
    {
        await using var first = await OpenAiTestServer.StartAsync();
        await using var second = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.Create([.. ModelsFixture.Provider("first", first.Endpoint), .. ModelsFixture.Provider("second", second.Endpoint, 1, fallback: true)]);
        first.Otherwise = _ => ModelScript.Says("begun ").Cut();

        (await Should.ThrowAsync<ModelException>(() => models.StreamAsync())).Code.ShouldBe(ModelErrorCodes.Interrupted);
        second.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Fallback_AllDown_TellsOfTheWantedModelAndItsStandIns()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.Create(
            [.. ModelsFixture.Provider("first", server.Endpoint), .. ModelsFixture.Provider("second", server.Endpoint, 1, fallback: true), ("AgentLab:Models:Retries", "0")]);
        server.Otherwise = _ => ModelScript.Fails(500);

        var error = await Should.ThrowAsync<ModelException>(() => models.StreamAsync());

        (error.Code, error.ProviderId, error.IsTransient).ShouldBe((ModelErrorCodes.Unavailable, "first", true));
        error.Message.ShouldContain("second/second-model");
    }
}

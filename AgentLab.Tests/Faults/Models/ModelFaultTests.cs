using AgentLab.Core.Models;
using AgentLab.Core.Tools;
using AgentLab.Tests.Fakes.OpenAiServer;

namespace AgentLab.Tests.Faults.Models;

/// <summary>
/// What a provider, a model or a tool does wrong, met by the whole program over a real line: a clear event with a stable code, no more tries than allowed, and
/// a session in which the next message works.
/// </summary>
public sealed class ModelFaultTests(FaultApp app) : IClassFixture<FaultApp>
{
    private const int Tries = 4;

    [Fact]
    public async Task RateLimited_Once_IsWaitedOut()
    {
        app.Server("limited").Next(ModelScript.Fails(429, "slow down", TimeSpan.FromSeconds(1)), ModelScript.Says("At last."));

        var turn = await app.AskAsync("limited");

        (turn.End, turn.Answer).ShouldBe(("run.completed", "At last."));
        app.Server("limited").Requests.Count.ShouldBe(2);
    }

    [Fact]
    public Task RateLimited_Always_FailsWithinItsTries() => FailsAsync("limiting", ModelScript.Fails(429, "slow down"), ModelErrorCodes.RateLimited, Tries);

    [Fact]
    public async Task ServerError_Once_IsTriedAgain()
    {
        app.Server("shaky").Next(ModelScript.Fails(500), ModelScript.Says("At last."));

        var turn = await app.AskAsync("shaky");

        (turn.End, turn.Answer).ShouldBe(("run.completed", "At last."));
        app.Server("shaky").Requests.Count.ShouldBe(2);
    }

    [Fact]
    public Task ServerError_Always_FailsWithinItsTries() => FailsAsync("broken", ModelScript.Fails(500), ModelErrorCodes.Unavailable, Tries);

    [Fact]
    public async Task Answer_CutOnce_IsAskedForAgainAsTheNextAttempt()
    {
        app.Server("cut").Next(ModelScript.Says("Half of an").Cut(), ModelScript.Says("The whole answer."));

        var turn = await app.AskAsync("cut");

        (turn.End, turn.Answer).ShouldBe(("run.completed", "The whole answer."));
        var restarted = turn.Of("step.restarted").ShouldHaveSingleItem();
        restarted.GetProperty("attempt").GetInt32().ShouldBe(2);
        FaultTurn.Data(restarted).GetProperty("reason").GetString().ShouldBe(ModelErrorCodes.Interrupted);
        string.Concat(turn.Of("model.delta").Where(d => d.GetProperty("attempt").GetInt32() == 2)
            .Select(d => FaultTurn.Data(d).GetProperty("text").GetString())).ShouldNotContain("Half");
    }

    [Fact]
    public async Task Answer_AlwaysCut_FailsAfterThreeAttempts()
    {
        var turn = await FailsAsync("cutting", ModelScript.Says("Half of an").Cut(), ModelErrorCodes.Interrupted, 3);

        turn.Of("step.restarted").Select(e => e.GetProperty("attempt").GetInt32()).ShouldBe([2, 3]);
    }

    [Fact]
    public Task Answer_NotJson_FailsAtOnce() => FailsAsync("garbled", ModelScript.Empty.Chunk("{\"choices\": [{ broken"), ModelErrorCodes.BadResponse, 1);

    [Fact]
    public async Task Key_Refused_FailsAtOnceAndShowsNowhere()
    {
        var turn = await app.AskAsync("locked");

        turn.End.ShouldBe($"run.failed {ModelErrorCodes.Unauthorized}");
        turn.Events.ShouldAllBe(e => !e.GetRawText().Contains(FaultApp.ApiKey));
        app.Server("locked").RequiredKey = FaultApp.ApiKey;
        (await app.SayAsync(turn)).End.ShouldBe("run.completed", "once the key is mended the session goes on");
    }

    [Theory]
    [InlineData("no_such_tool", "{}", ToolErrorCodes.Unknown)]
    [InlineData("calculator", "{\"expression\": bro", ToolErrorCodes.InvalidArguments)]
    [InlineData("calculator", "{\"expresion\": \"1\"}", ToolErrorCodes.InvalidArguments)]
    [InlineData("throws", "{}", ToolErrorCodes.Broke)]
    [InlineData("hangs", "{}", ToolErrorCodes.TimedOut)]
    public async Task Tool_Faulty_IsToldToTheModelAndTheRunGoesOn(string tool, string arguments, string code)
    {
        app.Server("toolcase").Next(ModelScript.Calls(tool, arguments), ModelScript.Says("I could not."));

        var turn = await app.AskAsync("toolcase");

        (turn.End, turn.Answer).ShouldBe(("run.completed", "I could not."));
        turn.Codes("tool.failed").ShouldBe([code]);
        turn.Codes("step.failed").ShouldBe([code]);
        turn.Events.ShouldAllBe(e => !e.GetRawText().Contains(FaultApp.ToolSecret));
        app.Server("toolcase").Requests[^1].LastText("tool").ShouldNotBeNull().ShouldContain(code);
        (await app.SayAsync(turn)).End.ShouldBe("run.completed");
    }

    [Fact]
    public async Task Model_ThatLoops_EndsAtItsStepLimit()
    {
        var server = app.Server("looping");
        server.Otherwise = _ => ModelScript.Calls("calculator", """{"expression":"1 + 1"}""");

        var turn = await app.AskAsync("looping");

        turn.End.ShouldBe("run.failed limit_steps");
        turn.Of("step.started").Count.ShouldBe(6);
        turn.Of("budget.exceeded").Count.ShouldBe(1);
        server.Requests.Count.ShouldBe(3);
        server.Otherwise = _ => ModelScript.Says("Enough.");
        (await app.SayAsync(turn)).Answer.ShouldBe("Enough.");
    }

    [Fact]
    public async Task Model_ThatHangs_FailsAtTheTimeLimitOfOneCall()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        server.Next(ModelScript.Hangs());
        await using var short_ = await FaultApp.StartAsync(
            new Dictionary<string, OpenAiTestServer> { ["silent"] = server }, b => b.Configuration["AgentLab:Models:CallTimeLimit"] = "00:00:03");
        var client = await short_.SignInAsync();
        await FaultApp.MakeAgentAsync(client, "silent");

        var turn = await FaultApp.AskAsync(client, "silent");

        turn.End.ShouldBe($"run.failed {ModelErrorCodes.Timeout}");
        server.Requests.Count.ShouldBe(1, "the limit of a call is the limit of the step: it is not waited out three times");
        (await FaultApp.SayAsync(client, turn)).End.ShouldBe("run.completed");
    }

    private async Task<FaultTurn> FailsAsync(string provider, ModelScript fault, string code, int requests)
    {
        var server = app.Server(provider);
        server.Otherwise = _ => fault;

        var turn = await app.AskAsync(provider);

        turn.End.ShouldBe($"run.failed {code}");
        turn.Codes("step.failed").ShouldBe([code]);
        turn.Events[^2].GetProperty("type").GetString().ShouldBe("step.failed");
        turn.Events[^2].GetProperty("at").GetString().ShouldBe(turn.Events[^1].GetProperty("at").GetString(), "a failed step and its run end in one append");
        FaultTurn.Data(turn.Events[^1]).GetProperty("message").GetString()!.Length.ShouldBeInRange(20, 400);
        server.Requests.Count.ShouldBe(requests);
        server.Otherwise = _ => ModelScript.Says("Well again.");
        (await app.SayAsync(turn)).Answer.ShouldBe("Well again.");
        return turn;
    }
}

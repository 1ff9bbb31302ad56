using System.Text.Json;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Approvals;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Tests.Api;
using AgentLab.Tests.Core.Agents;
using AgentLab.Tests.Fakes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using static AgentLab.Tests.Fakes.ScriptedModel;

namespace AgentLab.Tests.Core.Approvals;

/// <summary>Calls of agents that a person must approve first.</summary>
public sealed class AgentApprovalTests
{
    [Fact]
    public async Task Approved_TheCallIsMadeOnceWithWhatWasAsked()
    {
        var asking = new Asking();
        await using var host = await RunHost.StartAsync(Asking.PayOnce(), [asking.Pay()], Asking.Agent());
        var (id, asked) = await Asking.AskedAsync(host);
        asking.Paid.ShouldBeEmpty();
        ((IRunSupervisor)host.Supervisor).Active.ShouldBe(0);
        (asked.Tool, asked.Effect, asked.Title, asked.Details!.Value!.Value.GetProperty("amount").GetInt32()).ShouldBe(("pay", "external", "Call Payment?", 7));

        (await host.Approvals.DecideAsync(new ApprovalAnswer(asked.ApprovalId, true, asked.Hash), RunHost.Alice, default)).Ok.ShouldBeTrue();

        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Completed);
        asking.Paid.ShouldBe([7]);
        (await host.AnswerAsync(id)).ShouldBe("Told: paid 7");
        (await host.EventsAsync(id)).Where(e => e.StepId == StepIds.Tool(1, 1)).Select(e => e.Type)
            .ShouldBe(["step.started", "approval.requested", "approval.decided", "tool.requested", "tool.completed", "step.completed"]);
        (await host.EventsAsync(id)).Select(e => e.Data).OfType<RunPaused>().Single().Reason.ShouldBe(RunReasons.Waiting);
    }

    [Fact]
    public async Task Edited_TheCallIsMadeWithTheNewArguments_AndTheModelIsTold()
    {
        var asking = new Asking();
        await using var host = await RunHost.StartAsync(Asking.PayOnce(), [asking.Pay()], Asking.Agent());
        var (id, asked) = await Asking.AskedAsync(host);
        var answer = new ApprovalAnswer(asked.ApprovalId, true, asked.Hash, JsonElement.Parse("""{"amount":"much"}"""));

        var refused = await host.Approvals.DecideAsync(answer, RunHost.Alice, default);
        refused.Error!.ShouldSatisfyAllConditions(e => e.Code.ShouldBe("invalid"), e => e.Field.ShouldBe("arguments"));
        (await host.Approvals.DecideAsync(answer with { Data = JsonElement.Parse("""{"amount":5}""") }, RunHost.Alice, default)).Ok.ShouldBeTrue();

        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Completed);
        asking.Paid.ShouldBe([5]);
        var told = await host.AnswerAsync(id);
        told.ShouldContain("""{"amount":5}""");
        told.ShouldContain("paid 5");
        var decided = (await host.EventsAsync(id)).Select(e => e.Data).OfType<ApprovalDecided>().Single();
        decided.DataHash.ShouldNotBeNull().ShouldNotBe(decided.Hash);
        decided.Hash.ShouldBe(asked.Hash);
    }

    [Fact]
    public async Task Rejected_TheCallIsNotMade_AndTheModelIsToldWhy()
    {
        var asking = new Asking();
        await using var host = await RunHost.StartAsync(Asking.PayOnce(), [asking.Pay()], Asking.Agent());
        var (id, asked) = await Asking.AskedAsync(host);

        (await host.Approvals.DecideAsync(new ApprovalAnswer(asked.ApprovalId, false, asked.Hash, Reason: "Too dear."), RunHost.Alice, default)).Ok.ShouldBeTrue();

        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Completed);
        asking.Paid.ShouldBeEmpty();
        (await host.AnswerAsync(id)).ShouldContain("Too dear.");
        (await host.EventsAsync(id)).Select(e => e.Data).OfType<ToolFailed>().Single().Code.ShouldBe("approval_rejected");
    }

    [Fact]
    public async Task Expired_TheRunGoesOnWithoutTheCall()
    {
        var asking = new Asking();
        await using var host = await RunHost.StartAsync(Asking.PayOnce(), [asking.Pay()], Asking.Agent(new ApprovalPolicy { ExpiresAfterHours = 0.00001 }));
        await host.Services.GetRequiredService<WaitClock>().StartAsync(default);
        var id = await host.AskAsync();

        await Eventually.TrueAsync(async () => (await host.Reader.FindAsync(id, default))!.Status == SessionStatus.Completed);

        asking.Paid.ShouldBeEmpty();
        var events = (await host.EventsAsync(id)).Select(e => e.Data).ToList();
        events.OfType<ToolFailed>().Single().Code.ShouldBe("approval_expired");
        events.OfType<ApprovalDecided>().Single().ShouldSatisfyAllConditions(d => d.Decision.ShouldBe("expired"), d => d.By.ShouldBeNull());
        var asked = events.OfType<ApprovalRequested>().Single();
        var late = await host.Approvals.DecideAsync(new ApprovalAnswer(asked.ApprovalId, true, asked.Hash), RunHost.Alice, default);
        late.Error!.Code.ShouldBe("approval_expired");
    }

    [Fact]
    public async Task AllowedForTheSession_TheToolIsNotAskedAboutAgain_AndAnotherIs()
    {
        var asking = new Asking();
        var other = RunHost.NewTool("erase", () => "gone", ToolEffect.Write);
        var model = new ScriptedModel((prompt, _) => prompt[^1].Role == ChatRole.Tool ? Stream(Words("Done."))
            : Stream(Call($"c{prompt.Count}", prompt[^1].Text == "Erase." ? "erase" : "pay", prompt[^1].Text == "Erase." ? [] : [("amount", 7)])));
        await using var host = await RunHost.StartAsync(model, [asking.Pay(), other], Asking.Agent());
        var (id, asked) = await Asking.AskedAsync(host);
        (await host.Approvals.DecideAsync(new ApprovalAnswer(asked.ApprovalId, true, asked.Hash, ForSession: true), RunHost.Alice, default)).Ok.ShouldBeTrue();
        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Completed);

        await host.RestartAsync();
        (await host.Commands.SendAsync(new SendMessage(id, "Again."), RunHost.Alice, default)).Ok.ShouldBeTrue();
        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Completed);
        asking.Paid.ShouldBe([7, 7]);

        (await host.Commands.SendAsync(new SendMessage(id, "Erase."), RunHost.Alice, default)).Ok.ShouldBeTrue();
        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Waiting);
        var another = await host.AskAsync();
        (await host.SettleAsync(another)).Status.ShouldBe(SessionStatus.Waiting);
    }

    [Fact]
    public async Task AllowedForTheSession_LetsTheOtherCallsOfThatToolGo()
    {
        var asking = new Asking();
        var model = new ScriptedModel((prompt, _) => prompt[^1].Role == ChatRole.Tool
            ? Stream(Words("Done.")) : Stream(Call("a", "pay", ("amount", 1)), Call("b", "pay", ("amount", 2))));
        await using var host = await RunHost.StartAsync(model, [asking.Pay()], Asking.Agent());
        var id = await host.AskAsync();
        await host.SettleAsync(id);
        var asked = (await host.EventsAsync(id)).Select(e => e.Data).OfType<ApprovalRequested>().First();

        (await host.Approvals.DecideAsync(new ApprovalAnswer(asked.ApprovalId, true, asked.Hash, ForSession: true), RunHost.Alice, default)).Ok.ShouldBeTrue();

        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Completed);
        asking.Paid.ShouldBe([1, 2], ignoreOrder: true);
        (await host.EventsAsync(id)).Count(e => e.Data is ApprovalDecided { By: not null }).ShouldBe(2);
    }

    [Fact]
    public async Task Answer_ToOtherArgumentsOrBySomeoneWithoutTheRight_IsRefused()
    {
        var asking = new Asking();
        await using var host = await RunHost.StartAsync(Asking.PayOnce(), [asking.Pay()], Asking.Agent());
        var (id, asked) = await Asking.AskedAsync(host);
        var answer = new ApprovalAnswer(asked.ApprovalId, true, asked.Hash);
        var changed = ApprovalHash.Of(new ApprovalQuestion(asked.Title, asked.Message, JsonElement.Parse("""{"amount":8}"""), null, asked.Tool));

        (await host.Approvals.DecideAsync(answer with { Hash = changed }, RunHost.Alice, default)).Error!.Code.ShouldBe("approval_changed");
        (await host.Approvals.DecideAsync(answer, new Actor(Guid.NewGuid(), ActorRole.Editor), default)).Error!.Code.ShouldBe("not_found");
        (await host.Approvals.DecideAsync(answer, RunHost.Alice with { Role = ActorRole.Viewer }, default)).Error!.Code.ShouldBe("forbidden");
        (await host.Approvals.DecideAsync(answer with { Approved = false, ForSession = true }, RunHost.Alice, default)).Error!.Field.ShouldBe("forSession");

        (await host.Reader.FindAsync(id, default))!.Status.ShouldBe(SessionStatus.Waiting);
        asking.Paid.ShouldBeEmpty();
    }

    [Fact]
    public async Task Answers_ThatRaceAfterARestart_OneCounts()
    {
        var asking = new Asking();
        await using var host = await RunHost.StartAsync(Asking.PayOnce(), [asking.Pay()], Asking.Agent());
        var (id, asked) = await Asking.AskedAsync(host);
        await host.RestartAsync();
        (await host.Reader.FindAsync(id, default))!.Status.ShouldBe(SessionStatus.Waiting);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => host.Approvals.DecideAsync(
            new ApprovalAnswer(asked.ApprovalId, i % 2 == 0, asked.Hash), RunHost.Alice, CancellationToken.None)));

        answers.Count(a => a.Ok).ShouldBe(1);
        answers.Where(a => !a.Ok).Select(a => a.Error!.Code).Distinct().ShouldBe(["approval_decided"]);
        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Completed);
        var decided = (await host.EventsAsync(id)).Select(e => e.Data).OfType<ApprovalDecided>().Single();
        asking.Paid.Count.ShouldBe(decided.Decision == "approved" ? 1 : 0);
    }

    [Fact]
    public async Task Answer_WhileAnotherCallStillRuns_IsTakenWithoutAPause()
    {
        var asking = new Asking();
        var gate = new TaskCompletionSource();
        var slow = new Tool(AIFunctionFactory.Create(async () => { await gate.Task; return "slow"; }, "slow", "Takes its time."), "Slow", ToolEffect.Read);
        var model = new ScriptedModel((prompt, _) => prompt[^1].Role == ChatRole.Tool
            ? Stream(Words("Done.")) : Stream(Call("a", "slow"), Call("b", "pay", ("amount", 1))));
        await using var host = await RunHost.StartAsync(model, [asking.Pay(), slow], Asking.Agent());
        var id = await host.AskAsync();
        ApprovalRequested? asked = null;
        await Eventually.TrueAsync(async () => (asked = (await host.EventsAsync(id)).Select(e => e.Data).OfType<ApprovalRequested>().FirstOrDefault()) is not null);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.Approvals.DecideAsync(
            new ApprovalAnswer(asked!.ApprovalId, true, asked.Hash), RunHost.Alice, CancellationToken.None)));
        gate.SetResult();

        answers.Count(a => a.Ok).ShouldBe(1);
        answers.Where(a => !a.Ok).Select(a => a.Error!.Code).Distinct().ShouldBe(["approval_decided"]);
        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Completed);
        asking.Paid.ShouldBe([1]);
        (await host.EventsAsync(id)).ShouldNotContain(e => e.Data is RunPaused);
    }

    [Fact]
    public async Task Stop_WhileItWaits_EndsTheRunAndTheQuestion()
    {
        var asking = new Asking();
        await using var host = await RunHost.StartAsync(Asking.PayOnce(), [asking.Pay()], Asking.Agent());
        var (id, asked) = await Asking.AskedAsync(host);

        (await host.Commands.StopAsync(id, RunHost.Alice, default)).Ok.ShouldBeTrue();

        await Eventually.TrueAsync(async () => (await host.Reader.FindAsync(id, default))!.Status == SessionStatus.Cancelled);
        (await host.Approvals.DecideAsync(new ApprovalAnswer(asked.ApprovalId, true, asked.Hash), RunHost.Alice, default)).Error!.Code.ShouldBe("approval_decided");
        (await host.Approvals.FindAsync(asked.ApprovalId, RunHost.Alice, default))!.Entry.Decision.ShouldBe("withdrawn");
        asking.Paid.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(AskWhen.Irreversible, false, true)]
    [InlineData(AskWhen.Irreversible, true, false)]
    [InlineData(AskWhen.Effects, true, true)]
    [InlineData(AskWhen.Never, false, false)]
    public void Policy_AsksByWhatACallChanges(AskWhen ask, bool repeatSafe, bool asks)
    {
        var pay = new Asking().Pay(repeatSafe);

        new ApprovalPolicy { Ask = ask }.Asks(pay).ShouldBe(asks);
        new ApprovalPolicy { Ask = ask, Tools = ["pay"] }.Asks(pay).ShouldBeTrue();
        new ApprovalPolicy { Ask = ask }.Asks(RunHost.NewTool("look", () => "")).ShouldBeFalse();
        new ApprovalPolicy { Ask = AskWhen.All }.Asks(RunHost.NewTool("look", () => "")).ShouldBeTrue();
    }
}

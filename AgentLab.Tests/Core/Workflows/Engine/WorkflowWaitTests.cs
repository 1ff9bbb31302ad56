using System.Text.Json;
using AgentLab.Core.Approvals;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Tests.Fakes.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Workflows.Engine;

public sealed class WorkflowWaitTests
{
    [Fact]
    public async Task Approval_ParksTheRunThroughARestart_AndIsAnsweredOnce()
    {
        await using var host = await WorkflowHost.StartAsync();
        var run = await host.RunAsync(new Drawn().Node("ask", "pause", """{"kind":"approval"}""").Node("after").Path("start > ask > after"), """{"n":1}""");
        (await host.SettleAsync(run)).Status.ShouldBe("waiting");
        await host.RestartAsync();
        var asked = await host.SeeAsync<ApprovalRequested>(run, "ask");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.Approvals.DecideAsync(
            new ApprovalAnswer(asked.ApprovalId, true, asked.Hash, Reason: "Fine."), WorkflowHost.Alice, CancellationToken.None)));

        answers.Count(a => a.Ok).ShouldBe(1);
        answers.Where(a => !a.Ok).Select(a => a.Error!.Code).Distinct().ShouldBe(["approval_decided"]);
        var state = await host.SettleAsync(run);
        state.Output!.Value.GetRawText().ShouldBe("""{"cause":"approved","data":null,"reason":"Fine."}""");
        (await host.EventsAsync(run)).Count(e => e.Data is ApprovalDecided).ShouldBe(1);
    }

    [Fact]
    public async Task Approval_OfOtherDetailsOrBySomeoneElse_IsRefused()
    {
        await using var host = await WorkflowHost.StartAsync();
        var run = await host.RunAsync(new Drawn().Node("ask", "pause", """{"kind":"form"}""").Path("start > ask"));
        await host.SettleAsync(run);
        var asked = await host.SeeAsync<ApprovalRequested>(run, "ask");
        var answer = new ApprovalAnswer(asked.ApprovalId, true, asked.Hash, JsonElement.Parse("{}"));

        (await host.Approvals.DecideAsync(answer with { Hash = new string('0', 64) }, WorkflowHost.Alice, default)).Error!.Code.ShouldBe("approval_changed");
        (await host.Approvals.DecideAsync(answer, new Actor(Guid.NewGuid(), ActorRole.Editor), default)).Error!.Code.ShouldBe("not_found");
        (await host.Approvals.DecideAsync(answer, WorkflowHost.Alice, default)).Error!.Field.ShouldBe("data.name");
        (await host.Approvals.DecideAsync(answer with { Data = JsonElement.Parse("""{"name":"x"}""") }, WorkflowHost.Alice, default)).Ok.ShouldBeTrue();
    }

    [Fact]
    public async Task Timer_WakesTheRunByItself()
    {
        await using var host = await WorkflowHost.StartAsync();
        var run = await host.RunAsync(new Drawn().Node("wait", "pause", """{"kind":"timer","seconds":0.2}""").Node("after").Path("start > wait > after"));

        await host.SeeAsync<NodeCompleted>(run, "after");

        (await host.SettleAsync(run)).Output!.Value.GetProperty("cause").GetString().ShouldBe("due");
    }

    [Fact]
    public async Task Timer_ThatFellDueWhileNoProcessRan_IsCaughtUp()
    {
        await using var host = await WorkflowHost.StartAsync();
        var run = await host.RunAsync(new Drawn().Node("wait", "pause", """{"kind":"timer","seconds":1}""").Path("start > wait"));
        await host.SeeAsync<RunPaused>(run);
        await host.StopAsync();
        await Task.Delay(1100);
        await host.RestartAsync();

        await host.SeeAsync<RunCompleted>(run);
    }

    [Fact]
    public async Task Request_UnderTheKey_WakesTheRunAndOnlyOnce()
    {
        await using var host = await WorkflowHost.StartAsync();
        var run = await host.RunAsync(new Drawn().Node("hook", "pause", """{"kind":"webhook"}""").Path("start > hook"));
        await host.SettleAsync(run);
        var key = $"key-{run.RunId}-hook";

        (await host.Runs.DeliverAsync("another", JsonElement.Parse("1"), default)).Error!.Code.ShouldBe("not_found");
        var delivered = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => host.Runs.DeliverAsync(key, JsonElement.Parse("""{"x":1}"""), default)));

        delivered.Count(d => d.Ok).ShouldBe(1);
        (await host.SettleAsync(run)).Output!.Value.GetProperty("data").GetProperty("x").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Wait_ThatEndsWhileOthersRun_ReachesTheRunWithoutParking()
    {
        await using var host = await WorkflowHost.StartAsync();
        var gate = host.Bench.Hold("busy");
        var run = await host.RunAsync(new Drawn().Node("hook", "pause", """{"kind":"webhook"}""").Node("busy").Node("join", "merge").Path("start > hook > join").Path("start > busy > join"));
        await host.SeeAsync<NodeWaiting>(run, "hook");
        await host.Bench.ReachedAsync("busy");

        (await host.Runs.DeliverAsync($"key-{run.RunId}-hook", JsonElement.Parse("1"), default)).Ok.ShouldBeTrue();
        gate.SetResult();

        (await host.SettleAsync(run)).Status.ShouldBe("completed");
        (await host.EventsAsync(run)).ShouldNotContain(e => e.Data is RunPaused);
    }

    [Fact]
    public async Task Cancel_OfAParkedRun_EndsItsSteps()
    {
        await using var host = await WorkflowHost.StartAsync();
        var run = await host.RunAsync(new Drawn().Node("ask", "pause", """{"kind":"approval"}""").Path("start > ask"));
        await host.SettleAsync(run);

        (await host.Runs.CancelAsync(run.RunId, WorkflowHost.Alice, default)).Ok.ShouldBeTrue();

        (await host.SettleAsync(run)).Status.ShouldBe("cancelled");
        (await host.EventsAsync(run)).TakeLast(2).Select(e => e.Type).ShouldBe(["node.failed", "run.cancelled"]);
    }

    [Theory]
    [InlineData(OutcomeDecision.Repeat, "completed")]
    [InlineData(OutcomeDecision.GoOn, "failed")]
    public async Task UnknownOutcome_PausesForAPerson_AfterOtherBranchesHaveRun(OutcomeDecision decision, string status)
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Bench.Hold("pay");
        host.Bench.Hold("other");
        var run = await host.RunAsync(new Drawn().Node("pay", "write").Node("other").Node("next").Path("start > pay").Path("start > other > next"));
        await host.Bench.ReachedAsync("pay");
        await host.Bench.ReachedAsync("other");
        await host.RestartAsync();
        host.Bench.Hold("other").TrySetResult();
        host.Bench.Hold("pay").TrySetResult();

        (await host.SettleAsync(run)).Status.ShouldBe("waiting");
        host.Bench.CallsOf("pay").ShouldBe(1);
        host.Bench.CallsOf("next").ShouldBe(1);
        (await host.EventsAsync(run))[^1].Data.ShouldBeOfType<RunPaused>().Reason.ShouldBe("outcome_unknown");
        (await host.Services.GetRequiredService<ISessionCommands>().DecideAsync(run.SessionId, decision, WorkflowHost.Alice, default)).Ok.ShouldBeTrue();

        (await host.SettleAsync(run)).Status.ShouldBe(status);
        host.Bench.Calls.Where(c => c.Step == "pay").Select(c => c.Key).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Resume_GoesOnInsideALoopWithoutRepeatingAnything()
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Bench.Hold("work[1]");
        var run = await host.RunAsync(new Drawn().Node("each", "loop", """{"items":"{{data.rows}}"}""").Node("work").Path("start > each:each > work"), """{"rows":[1,2,3]}""");
        await host.Bench.ReachedAsync("work[1]");
        await host.RestartAsync();
        host.Bench.Hold("work[1]").TrySetResult();

        (await host.SettleAsync(run)).Output!.Value.GetRawText().ShouldBe("[1,2,3]");
        host.Bench.CallsOf("work[0]").ShouldBe(1);
        host.Bench.CallsOf("work[1]").ShouldBe(2);
    }

    [Fact]
    public async Task PartOfAWorkflow_TakesPinnedValues_ElseThoseOfAnEarlierRun()
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Bench.Answers["a"] = _ => NodeResult.Of(JsonElement.Parse("\"real\""));
        var drawn = new Drawn().Node("a", with: n => n with { Pinned = JsonElement.Parse("\"pinned\"") }).Node("b").Node("c").Path("start > a > b > c");
        var definition = drawn.Done();
        var input = JsonElement.Parse("{}");

        var dry = await host.RunAsync(new StartWorkflowRun { Definition = definition, Input = input, DryRun = true });
        (await host.SettleAsync(dry)).Output!.Value.GetString().ShouldBe("pinned");
        var real = await host.RunAsync(new StartWorkflowRun { Definition = definition, Input = input });
        await host.SettleAsync(real);
        var from = await host.RunAsync(new StartWorkflowRun { Definition = definition, Input = input, FromNode = "b", ValuesFrom = real.RunId });
        (await host.SettleAsync(from)).Output!.Value.GetString().ShouldBe("pinned");
        var unpinned = definition with { Nodes = [.. definition.Nodes.Select(node => node with { Pinned = null })] };
        from = await host.RunAsync(new StartWorkflowRun { Definition = unpinned, Input = input, FromNode = "b", ValuesFrom = real.RunId });
        (await host.SettleAsync(from)).Output!.Value.GetString().ShouldBe("real");
        var only = await host.RunAsync(new StartWorkflowRun { Definition = definition, Input = input, OnlyNode = "b" });
        (await host.SettleAsync(only)).Output!.Value.GetString().ShouldBe("pinned");

        host.Bench.CallsOf("a").ShouldBe(1);
        (await host.PortsAsync(only)).Keys.ShouldBe(["a", "b"], ignoreOrder: true);
    }
}

using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Tests.Api;
using AgentLab.Tests.Fakes;
using AgentLab.Tests.Fakes.Workflows;
using Microsoft.Extensions.AI;

namespace AgentLab.Tests.Core.Workflows.Engine;

/// <summary>What a run's log says of a step from its start to its end: every start has an end, of the same attempt and of the version that it began with.</summary>
public sealed class WorkflowStepEndTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancel_OfAnAgentAtWork_EndsTheStepsInsideItToo(bool crashed)
    {
        var model = new ScriptedModel((_, token) => HangAsync(token));
        await using var host = await WorkflowHost.StartAsync(model);
        var run = await host.RunAsync(new Drawn().Node("ask", "ask").Path("start > ask"), """{"text":"Go."}""");
        await host.SeeAsync<StepStarted>(run, "ask/model[1]");
        if (crashed)
        {
            await host.RestartAsync();
            await host.SeeAsync<StepRestarted>(run, "ask/model[1]");
        }

        (await host.Runs.CancelAsync(run.RunId, WorkflowHost.Alice, default)).Ok.ShouldBeTrue();

        (await host.SettleAsync(run)).Status.ShouldBe("cancelled");
        var events = await host.EventsAsync(run);
        StepEnds.Check(events);
        events.TakeLast(3).Select(e => (e.Type, e.StepId, e.Attempt)).ShouldBe(
            [("step.failed", "ask/model[1]", crashed ? 2 : 1), ("node.failed", "ask", crashed ? 2 : 1), ("run.cancelled", null, 0)]);
    }

    [Fact]
    public async Task RunThatCannotBeTakenUp_FailsWithTheEndsOfItsSteps()
    {
        var model = new ScriptedModel((_, token) => HangAsync(token));
        await using var host = await WorkflowHost.StartAsync(model);
        host.Bench.Hold("work[1]");
        var id = host.Versions.Add("lost", new Drawn().Node("ask", "ask").Node("each", "loop", """{"items":[1,2]}""").Node("work").Path("start > ask").Path("start > each:each > work").Done("Lost"));
        var run = await host.RunAsync(new StartWorkflowRun { Workflow = "lost", Input = JsonElement.Parse("""{"text":"Go."}""") });
        await host.SeeAsync<StepStarted>(run, "ask/model[1]");
        await host.Bench.ReachedAsync("work[1]");
        host.Versions.Lose("lost", id);
        await host.RestartAsync();

        (await host.SettleAsync(run)).Error!.Code.ShouldBe("workflow_missing");
        var events = await host.EventsAsync(run);
        StepEnds.Check(events);
        events.Where(e => e.Data is StepFailed or NodeFailed).Select(e => e.StepId).ShouldBe(["work[1]", "ask/model[1]", "each", "ask"], ignoreOrder: true);
    }

    [Fact]
    public async Task NodeThatDoesNotStop_WritesNothingBehindItsEnd()
    {
        await using var host = await WorkflowHost.StartAsync();
        var gate = host.Bench.Hold("late");
        var run = await host.RunAsync(new Drawn().Node("late", "stubborn").Path("start > late"));
        await host.SeeAsync<StepStarted>(run, "late/first");

        (await host.Runs.CancelAsync(run.RunId, WorkflowHost.Alice, default)).Ok.ShouldBeTrue();
        (await host.SettleAsync(run)).Status.ShouldBe("cancelled");
        gate.SetResult();
        await host.Bench.ReachedAsync("late/refused");

        var events = await host.EventsAsync(run);
        StepEnds.Check(events);
        events[^1].Data.ShouldBeOfType<RunCancelled>();
    }

    [Fact]
    public async Task WakingEvent_OfAParkedRun_IsOfTheAttemptThatWaits()
    {
        await using var host = await WorkflowHost.StartAsync();
        var drawn = new Drawn().Node("hook", "pause", """{"kind":"webhook","stumbles":true}""", n => n with { Retry = new NodeRetry(2, 0.01, 0.02) }).Path("start > hook");
        var run = await host.RunAsync(drawn);
        await host.SeeAsync<RunPaused>(run);

        (await host.Runs.DeliverAsync($"key-{run.RunId}-hook", JsonElement.Parse("1"), default)).Ok.ShouldBeTrue();

        (await host.SettleAsync(run)).Status.ShouldBe("completed");
        (await host.EventsAsync(run)).Where(e => e.StepId == "hook").Select(e => (e.Type, e.Attempt)).ShouldBe(
            [("node.started", 1), ("node.failed", 1), ("node.started", 2), ("node.waiting", 2), ("node.resumed", 2), ("node.completed", 2)]);
    }

    [Fact]
    public async Task Agent_SavedWhileItsStepWasCutOff_GoesOnInTheVersionThatItBeganWith()
    {
        var calls = 0;
        var model = new ScriptedModel((_, token) => Interlocked.Increment(ref calls) == 1 ? HangAsync(token) : ScriptedModel.Stream(ScriptedModel.Words("Here.")));
        await using var host = await WorkflowHost.StartAsync(model);
        var run = await host.RunAsync(new Drawn().Node("ask", "ask").Path("start > ask"), """{"text":"Go."}""");
        await host.SeeAsync<ModelRequested>(run, "ask/model[1]");
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref calls) > 0));
        var saved = host.Agents.Agent;
        host.Agents.Agent = saved with { Version = 2, Definition = saved.Definition with { Instructions = "Be loose." } };
        await host.RestartAsync();

        (await host.SettleAsync(run)).Status.ShouldBe("completed");
        var next = await host.RunAsync(new Drawn().Node("ask", "ask").Path("start > ask"), """{"text":"Go."}""");
        (await host.SettleAsync(next)).Status.ShouldBe("completed");

        model.Prompts.Select(prompt => prompt[0].Text).ShouldBe(["Be exact.", "Be exact.", "Be loose."], Case.Sensitive, "the instructions of each call");
        (await host.EventsAsync(run)).Select(e => e.Data).OfType<ModelRequested>().Select(e => e.Agent!.Version).ShouldBe([1, 1]);
        (await host.SeeAsync<ModelRequested>(next, "ask/model[1]")).Agent.ShouldBe(new AgentReference(saved.Id, 2));
    }

    [Fact]
    public async Task Steps_NearTheLimit_AreWarnedOfOnceAlsoAcrossACrash()
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Bench.Hold("d");
        var run = await host.RunAsync(new Drawn().Node("a").Node("b").Node("c").Node("d").Node("e").Node("f").Path("start > a > b > c > d > e > f").Limits(new WorkflowLimits(Steps: 5)));
        await host.Bench.ReachedAsync("d");
        await host.RestartAsync();
        host.Bench.Hold("d").TrySetResult();

        (await host.SettleAsync(run)).Error!.Code.ShouldBe("limit_steps");
        var events = await host.EventsAsync(run);
        events.Select(e => e.Data).OfType<BudgetWarned>().ShouldHaveSingleItem().ShouldBe(new BudgetWarned("steps", 5, 4));
        events.Select(e => e.Data).OfType<BudgetExceeded>().ShouldHaveSingleItem();
        StepEnds.Check(events);
    }

    [Fact]
    public async Task Stop_AsCompleted_EndsTheRunAtOnceWithItsValue()
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Bench.Hold("slow");
        var drawn = new Drawn().Node("end", "stop", """{"as":"completed","value":{"done":"{{input.n}}"}}""").Node("slow").Node("after").Node("gate")
            .Path("start > slow > after").Path("start > gate > end").Output("""{"never":"this"}""");
        var gate = host.Bench.Hold("gate");
        var run = await host.RunAsync(drawn, """{"n":4}""");
        await host.Bench.ReachedAsync("slow");
        gate.SetResult();

        var state = await host.SettleAsync(run);

        (state.Status, state.Output!.Value.GetRawText()).ShouldBe(("completed", """{"done":4}"""));
        host.Bench.Running.ShouldBe(0);
        host.Bench.CallsOf("after").ShouldBe(0);
        var events = await host.EventsAsync(run);
        StepEnds.Check(events);
        events.Where(e => e.StepId == "slow").Select(e => e.Type).ShouldBe(["node.started", "node.failed"]);
    }

    [Fact]
    public async Task Stop_InsideALoopOfAnotherWorkflow_EndsThatWorkflowAlone()
    {
        await using var host = await WorkflowHost.StartAsync();
        var inner = new Drawn().Node("each", "loop", """{"items":[1,2,3]}""").Node("found", "choose", """{"port":"a"}""").Node("end", "stop", """{"as":"completed","value":"{{item}}"}""").Node("rest")
            .Path("start > each:each > found:a > end").Path("each:done > rest");
        host.Versions.Add("seek", inner.Done("Seek"));
        var run = await host.RunAsync(new Drawn().Node("sub", "sub_workflow", """{"workflow":"seek"}""").Node("end").Path("start > sub > end"));

        var state = await host.SettleAsync(run);

        (state.Status, state.Output!.Value.GetRawText()).ShouldBe(("completed", "1"), state.Error?.Message);
        host.Bench.Calls.Select(c => c.Step).ShouldBe(["end"]);
        StepEnds.Check(await host.EventsAsync(run));
    }

    [Theory]
    [InlineData("stop", """{"as":"completed","value":"stopped"}""")]
    [InlineData("respond", """{"body":"responded"}""")]
    public async Task DisabledEnd_IsPassedBy(string kind, string settings)
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Bench.Answers["after"] = _ => NodeResult.Of(JsonElement.Parse("\"after\""));

        var state = await host.RunToEndAsync(new Drawn().Node("end", kind, settings, n => n with { Disabled = true }).Node("after").Path("start > after").Path("start > end"));

        (state.Status, state.Output!.Value.GetString(), state.Response).ShouldBe(("completed", "after", null));
    }

    [Fact]
    public async Task RunFromANode_InsideALoop_IsRefusedWithWhereToStart()
    {
        await using var host = await WorkflowHost.StartAsync();
        var definition = new Drawn().Node("each", "loop", """{"items":[1]}""").Node("work").Path("start > each:each > work").Done();

        foreach (var command in new StartWorkflowRun[] { new() { Input = JsonElement.Parse("{}"), Definition = definition, FromNode = "work" }, new() { Input = JsonElement.Parse("{}"), Definition = definition, OnlyNode = "work" } })
        {
            var refused = await host.Runs.StartAsync(command, WorkflowHost.Alice, default);
            refused.Errors.ShouldHaveSingleItem().Message.ShouldContain("inside the loop each: start there");
        }
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> HangAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        yield break;
    }
}

/// <summary>stubborn: writes into its step, hears no token, and tries to write again when it should be over.</summary>
internal sealed class StubbornKind(Bench bench) : INodeKind
{
    public NodeDescription Description { get; } = Kinds.Describe("stubborn", NodeEffect.Read, NodePort.Out);

    public async ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken)
    {
        await call.Journal.AppendAsync("first", 1, [new StepStarted("tool", "first")], [], CancellationToken.None);
        await bench.Hold(call.StepId).Task;
        try
        {
            await call.Journal.AppendAsync("second", 1, [new StepStarted("tool", "second")], [], CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            bench.Calls.Enqueue(($"{call.StepId}/refused", call.IdempotencyKey, call.Attempt));
        }

        return NodeResult.Of(call.Data);
    }
}

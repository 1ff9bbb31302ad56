using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Tests.Fakes;
using AgentLab.Tests.Fakes.Workflows;
using Microsoft.Extensions.AI;

namespace AgentLab.Tests.Core.Workflows.Engine;

/// <summary>What ends a node that takes too long, and a run that uses too much.</summary>
public sealed class WorkflowBoundsTests
{
    [Fact]
    public async Task Node_OverItsTimeout_FailsAndIsTriedAgainWhereItMayBeRepeated()
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Bench.Hold("slow");
        var run = await host.RunAsync(new Drawn().Node("slow", with: n => n with { TimeoutSeconds = 1, Retry = new NodeRetry(2, 0, 0) }).Path("start > slow"));

        var state = await host.SettleAsync(run);

        (state.Status, state.Error!.Code).ShouldBe(("failed", "timeout"));
        host.Bench.CallsOf("slow").ShouldBe(2);
        host.Bench.Running.ShouldBe(0);
    }

    [Fact]
    public async Task Node_OverItsTimeout_IsNotTriedAgainWhereNobodyKnowsWhatItDid()
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Bench.Hold("slow");
        var run = await host.RunAsync(new Drawn().Node("slow", "write", with: n => n with { TimeoutSeconds = 1, Retry = new NodeRetry(2, 0, 0) }).Path("start > slow"));

        var state = await host.SettleAsync(run);

        (state.Status, state.Error!.Code).ShouldBe(("failed", "timeout"));
        host.Bench.CallsOf("slow").ShouldBe(1);
    }

    [Fact]
    public async Task Node_OverItsTimeout_GoesOutThroughItsErrorPort()
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Bench.Hold("slow");
        var drawn = new Drawn().Node("slow", with: n => n with { TimeoutSeconds = 1, Retry = new NodeRetry(1, 0, 0), OnError = OnNodeError.Port }).Node("late").Path("start > slow:error > late");

        var state = await host.RunToEndAsync(drawn);

        state.Status.ShouldBe("completed", state.Error?.Message);
        state.Output!.Value.GetProperty("error").GetProperty("code").GetString().ShouldBe("timeout");
    }

    [Fact]
    public async Task Seconds_OverTheLimit_EndTheRunAndWhatItIsAt()
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Bench.Hold("slow");
        var run = await host.RunAsync(new Drawn().Node("slow").Path("start > slow").Limits(new WorkflowLimits(Seconds: 1)));

        var state = await host.SettleAsync(run);

        (state.Status, state.Error!.Code).ShouldBe(("failed", "limit_seconds"));
        host.Bench.Running.ShouldBe(0);
        (await host.EventsAsync(run)).Select(e => e.Data).OfType<BudgetExceeded>().Single().Limit.ShouldBe("seconds");
    }

    [Fact]
    public async Task Tokens_OverTheLimit_EndTheRunBeforeItsNextNode()
    {
        await using var host = await WorkflowHost.StartAsync(new ScriptedModel((_, _) => Say("Done.", tokens: 60)));
        var drawn = new Drawn().Node("ask", "ask").Node("after").Path("start > ask > after").Limits(new WorkflowLimits(Tokens: 100));
        var run = await host.RunAsync(drawn, """{"text":"Go on"}""");

        var state = await host.SettleAsync(run);

        (state.Status, state.Error!.Code).ShouldBe(("failed", "limit_tokens"));
        host.Bench.CallsOf("after").ShouldBe(0);
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Say(string text, int tokens)
    {
        await Task.Yield();
        yield return new ChatResponseUpdate(ChatRole.Assistant, text);
        yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails { InputTokenCount = tokens, OutputTokenCount = tokens })]);
    }
}

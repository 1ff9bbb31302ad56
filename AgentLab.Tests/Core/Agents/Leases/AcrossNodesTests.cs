using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Approvals;
using AgentLab.Core.Hosting.Hints;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Data.Hints;
using AgentLab.Tests.Api;
using AgentLab.Tests.Data.Hints;
using AgentLab.Tests.Data.Sessions;
using AgentLab.Tests.Fakes;
using AgentLab.Tests.Fakes.Workflows;
using Microsoft.Extensions.AI;

namespace AgentLab.Tests.Core.Agents.Leases;

/// <summary>What people do and see at one node of a run that another node has; with hints, and with every hint lost.</summary>
public sealed class AcrossNodesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Approval_AtAnotherNode_ReachesARunThatGoesOn(bool hints)
    {
        await using var nodes = await NodesHost.StartAsync();
        var (a, b) = await PairAsync(nodes, hints);
        var gate = nodes.Bench.Hold("busy");
        var run = await a.RunAsync(new Drawn().Node("busy").Node("ask", "pause", """{"kind":"approval"}""").Node("after").Path("start > busy").Path("start > ask > after"));
        var asked = await QuestionAsync(b, run);

        var answers = await Task.WhenAll(new[] { b, b, a }.Select(node => node.Approvals.DecideAsync(
            new ApprovalAnswer(asked.ApprovalId, true, asked.Hash, Reason: "Fine."), NodesHost.Alice, CancellationToken.None)));
        gate.SetResult();

        answers.Count(answer => answer.Ok).ShouldBe(1);
        answers.Where(answer => !answer.Ok).Select(answer => answer.Error!.Code).Distinct().ShouldBe(["approval_decided"]);
        await b.EndedAsync(run.SessionId, SessionStatus.Completed);
        var events = await b.EventsAsync(run.SessionId);
        events.Count(e => e.Data is ApprovalDecided).ShouldBe(1);
        events.ShouldNotContain(e => e.Data is RunResumed);
        nodes.Bench.CallsOf("after").ShouldBe(1);
    }

    [Fact]
    public async Task Approval_AtAnotherNode_WakesARunThatIsParked()
    {
        await using var nodes = await NodesHost.StartAsync();
        var (a, b) = await PairAsync(nodes, hints: true);
        var run = await a.RunAsync(new Drawn().Node("ask", "pause", """{"kind":"approval"}""").Node("after").Path("start > ask > after"));
        var asked = await QuestionAsync(b, run);
        await a.Get<IRunSupervisor>().WhenIdleAsync(run.RunId, default);

        (await b.Approvals.DecideAsync(new ApprovalAnswer(asked.ApprovalId, true, asked.Hash), NodesHost.Alice, default)).Ok.ShouldBeTrue();

        await b.EndedAsync(run.SessionId, SessionStatus.Completed);
        (await b.EventsAsync(run.SessionId)).Select(e => e.Data).OfType<RunResumed>().ShouldHaveSingleItem().Node.ShouldBe(b.Id);
    }

    [Fact]
    public async Task Delivery_AtAnotherNode_ReachesARunThatGoesOn()
    {
        await using var nodes = await NodesHost.StartAsync();
        var (a, b) = await PairAsync(nodes, hints: true);
        var gate = nodes.Bench.Hold("busy");
        var run = await a.RunAsync(new Drawn().Node("busy").Node("hook", "pause", """{"kind":"webhook"}""").Path("start > busy").Path("start > hook"));
        await Eventually.TrueAsync(async () => (await b.EventsAsync(run.SessionId)).Any(e => e.Data is NodeWaiting));

        var delivered = await b.Runs.DeliverAsync($"key-{run.RunId}-hook", JsonElement.Parse("""{"order":7}"""), default);
        gate.SetResult();

        delivered.Ok.ShouldBeTrue(delivered.Error?.Message);
        await b.EndedAsync(run.SessionId, SessionStatus.Completed);
        var value = (await b.EventsAsync(run.SessionId)).Single(e => e.StepId == "hook" && e.Data is NodeCompleted);
        ((NodeCompleted)value.Data!).Output.Value!.Value.GetProperty("data").GetProperty("order").GetInt32().ShouldBe(7);
        (await b.Runs.DeliverAsync($"key-{run.RunId}-hook", JsonElement.Parse("{}"), default)).Error!.Code.ShouldBe("not_found");
    }

    [Fact]
    public async Task Timer_OfANodeThatIsGone_IsEndedByAnother()
    {
        await using var nodes = await NodesHost.StartAsync();
        var (a, b) = await PairAsync(nodes, hints: true);
        var run = await a.RunAsync(new Drawn().Node("wait", "pause", """{"kind":"timer","seconds":3}""").Path("start > wait"));
        await Eventually.TrueAsync(async () => (await b.EventsAsync(run.SessionId)).Any(e => e.Data is RunPaused));

        await nodes.StopAsync(a);

        await b.EndedAsync(run.SessionId, SessionStatus.Completed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Viewer_AtAnotherNode_GetsEveryEventOnceInOrder(bool hints)
    {
        await using var nodes = await NodesHost.StartAsync(new ScriptedModel((_, token) => SpeakAsync(token)));
        var (a, b) = await PairAsync(nodes, hints);
        await WatchAsync(a, b);
    }

    [Fact]
    public async Task Viewer_WhileRedisGoesAndComes_GetsEveryEventOnceInOrder()
    {
        await using var redis = await RedisServer.StartedAsync();
        await using var nodes = await NodesHost.StartAsync(new ScriptedModel((_, token) => SpeakAsync(token)));
        nodes.Redis = redis.ConnectionString;
        var (a, b) = await PairAsync(nodes, hints: true);
        b.Get<IHints>().ShouldBeOfType<RedisHints>();

        await WatchAsync(a, b);
        var watched = WatchAsync(a, b);
        await redis.StopAsync();
        await Eventually.TrueAsync(() => Task.FromResult(b.Get<IHints>().State == HintState.Away));
        await watched;
        await WatchAsync(a, b);
        watched = WatchAsync(a, b);
        await redis.StartAsync();
        await Eventually.TrueAsync(() => Task.FromResult(b.Get<IHints>().State == HintState.Connected));
        await watched;
    }

    private static async Task WatchAsync(LabNode a, LabNode b)
    {
        var (session, _) = await a.AskAsync();
        using var cursor = (await b.Get<ISessionFeed>().OpenAsync(session, SessionPosition.Start, new TestViewer(), default))!;

        var seen = new List<EncodedEvent>();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (seen.Count == 0 || seen[^1].Event.Type != "run.completed")
        {
            await cursor.WaitAsync(TimeSpan.FromSeconds(5), patience.Token);
            seen.AddRange(await cursor.ReadAsync(7, patience.Token));
        }

        var log = await a.EventsAsync(session);
        seen.Select(e => e.Sequence).ShouldBe(log.Select(e => e.Sequence));
        seen.Select(e => e.Event.Type).ShouldBe(log.Select(e => e.Type));
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> SpeakAsync([EnumeratorCancellation] CancellationToken token)
    {
        for (var i = 0; i < 20; i++)
        {
            await Task.Delay(50, token);
            yield return ScriptedModel.Words($"word {i} ");
        }
    }

    /// <summary>Two nodes that hear each other, or whose hints are all lost.</summary>
    private static async Task<(LabNode A, LabNode B)> PairAsync(NodesHost nodes, bool hints)
    {
        var (a, b) = (await nodes.AddAsync("a"), await nodes.AddAsync("b"));
        foreach (var node in new[] { a, b })
        {
            if (hints)
            {
                await Eventually.TrueAsync(() => Task.FromResult(node.Get<IHints>() is { State: HintState.Connected, Others: true }));
            }
            else
            {
                await ((HintCarrier)node.Get<IHints>()).StopAsync(default);
                node.Get<IHints>().State.ShouldBe(HintState.Away);
            }
        }

        return (a, b);
    }

    private static async Task<ApprovalRequested> QuestionAsync(LabNode node, WorkflowRunReceipt run)
    {
        ApprovalRequested? asked = null;
        await Eventually.TrueAsync(async () => (asked = (await node.EventsAsync(run.SessionId)).Select(e => e.Data).OfType<ApprovalRequested>().FirstOrDefault()) is not null);
        return asked!;
    }
}

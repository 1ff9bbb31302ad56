using System.Runtime.CompilerServices;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Tests.Api;
using AgentLab.Tests.Data.Sessions;
using AgentLab.Tests.Fakes;
using Microsoft.Extensions.AI;

namespace AgentLab.Tests.Core.Agents.Leases;

/// <summary>Who owns a run when several nodes serve a database: whoever holds it, one at a time, until it gives it up or is struck out.</summary>
public sealed class OwnershipTests
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    [Fact]
    public async Task TakeOver_ByTwoAtOnce_IsOnesAlone()
    {
        await using var nodes = await NodesHost.StartAsync(HangsOnce());
        var (a, b, c) = (await nodes.AddAsync("a"), await nodes.AddAsync("b"), await nodes.AddAsync("c"));
        var (session, run) = await AskAndHangAsync(a);

        await Task.WhenAll(b.TakeOverAsync(a.Id), c.TakeOverAsync(a.Id));
        await b.EndedAsync(session, SessionStatus.Completed);

        var events = await b.EventsAsync(session);
        var resumed = events.Select(e => e.Data).OfType<RunResumed>().ShouldHaveSingleItem();
        resumed.Fence.ShouldBe(2);
        resumed.Node.ShouldBeOneOf(b.Id, c.Id);
        events.Count(e => e.Data is RunCompleted && e.RunId == run).ShouldBe(1);
        events.Count(e => e.Data is ModelCompleted).ShouldBe(1);
    }

    /// <summary>The appends wait for each other's locks, and the number that each looks at is the one that the other has just written.</summary>
    [Fact]
    public async Task Appends_OfTwoNodesUnderOneNumber_OneLands()
    {
        await using var nodes = await NodesHost.StartAsync();
        var (a, b) = (await nodes.AddAsync("a"), await nodes.AddAsync("b"));
        var (logs, session) = (new[] { a.Get<ISessionLog>(), b.Get<ISessionLog>() }, SessionId.New());
        await logs[0].AppendAsync(LogHost.Creation(session), default);
        var run = RunId.New();
        await logs[0].AppendAsync(new SessionAppend(session, [LogHost.Started(run)]), default);

        for (var number = 1L; number <= 30; number++)
        {
            var take = new SessionAppend(session, [new NewEvent(new RunResumed(RunReasons.Recovered, a.Id, number + 1), run)]) { Fence = new RunFence(run, number) };
            var outcomes = await Task.WhenAll(logs.SelectMany(log => new[]
            {
                log.AppendAsync(new SessionAppend(session, [LogHost.Message("Between.")]), default).AsTask(), log.AppendAsync(take, default).AsTask(),
            }));

            outcomes.Count(outcome => outcome.Refusal == AppendRefusal.StaleFence).ShouldBe(1);
        }

        (await b.EventsAsync(session)).Count(e => e.Data is RunResumed).ShouldBe(30);
    }

    [Fact]
    public async Task Append_ByTheOwnerBefore_IsRefused()
    {
        await using var nodes = await NodesHost.StartAsync(HangsOnce());
        var (a, b) = (await nodes.AddAsync("a"), await nodes.AddAsync("b"));
        var (session, run) = await AskAndHangAsync(a);

        await b.TakeOverAsync(a.Id);
        var late = await a.Get<ISessionLog>().AppendAsync(
            new SessionAppend(session, [new NewEvent(new RunPaused(RunReasons.Waiting, "A late word."), run)]) { Fence = new RunFence(run, 1) }, default);

        late.Refusal.ShouldBe(AppendRefusal.StaleFence);
    }

    [Fact]
    public async Task Renewal_StruckOut_EndsWhatTheNodeHadAndEntersItAnew()
    {
        await using var nodes = await NodesHost.StartAsync(HangsOnce());
        var (a, b) = (await nodes.AddAsync("a"), await nodes.AddAsync("b"));
        var (session, run) = await AskAndHangAsync(a);
        var before = a.Id;
        await b.TakeOverAsync(before);

        await a.Get<NodeLeaseKeeper>().RenewAsync(default);
        await a.Get<IRunSupervisor>().WhenIdleAsync(run, default);

        a.Id.ShouldNotBe(before);
        a.Lease.Held.ShouldBeTrue();
        (await a.Get<INodeRegistry>().ListAsync(default)).Select(n => n.Id).ShouldBe([b.Id, a.Id]);
        await b.EndedAsync(session, SessionStatus.Completed);
        (await a.AskAsync()).Session.ShouldNotBe(session);
    }

    [Fact]
    public async Task Run_UnderALeaseThatIsOver_AsksNoModelUntilItIsRenewed()
    {
        var model = new ScriptedModel((_, _) => ScriptedModel.Stream(ScriptedModel.Words("Here.")));
        await using var nodes = await NodesHost.StartAsync(model);
        var a = await nodes.AddAsync("a");
        a.Lease.Begin(new Moment(0, DateTimeOffset.UnixEpoch));
        a.Lease.Held.ShouldBeFalse();

        var (session, _) = await a.AskAsync();
        await Eventually.TrueAsync(async () => (await a.EventsAsync(session)).Any(e => e.Data is ModelRequested));
        model.Prompts.ShouldBeEmpty();
        await a.Get<NodeLeaseKeeper>().RenewAsync(default);

        await a.EndedAsync(session, SessionStatus.Completed);
        a.Lease.MayJudge.ShouldBeFalse("a node that was late itself gives the others time");
    }

    [Fact]
    public async Task Stop_OfANode_HandsItsRunsOverBeforeTheirLeaseEnds()
    {
        await using var nodes = await NodesHost.StartAsync(HangsOnce());
        var (a, b) = (await nodes.AddAsync("a"), await nodes.AddAsync("b"));
        var (session, _) = await AskAndHangAsync(a);

        await nodes.StopAsync(a);

        await b.EndedAsync(session, SessionStatus.Completed);
        (await b.EventsAsync(session)).Select(e => e.Data).OfType<RunResumed>().ShouldHaveSingleItem().Node.ShouldBe(b.Id);
    }

    [Fact]
    public async Task Start_AfterANodeThatStopped_TakesUpWhatItLeft()
    {
        await using var nodes = await NodesHost.StartAsync(HangsOnce());
        var a = await nodes.AddAsync("a");
        var (session, _) = await AskAndHangAsync(a);
        await nodes.StopAsync(a);

        var b = await nodes.AddAsync("b");

        await b.EndedAsync(session, SessionStatus.Completed);
    }

    [Fact]
    public async Task Stop_AskedForAtAnotherNode_EndsTheRun()
    {
        await using var nodes = await NodesHost.StartAsync(HangsOnce());
        var (a, b) = (await nodes.AddAsync("a"), await nodes.AddAsync("b"));
        var (session, _) = await AskAndHangAsync(a);

        (await b.Get<ISessionCommands>().StopAsync(session, NodesHost.Alice, default)).Ok.ShouldBeTrue();

        await b.EndedAsync(session, SessionStatus.Cancelled);
        (await b.EventsAsync(session)).ShouldNotContain(e => e.Data is RunResumed);
    }

    private async Task<(SessionId Session, RunId Run)> AskAndHangAsync(LabNode node)
    {
        var asked = await node.AskAsync();
        await _asked.Task;
        return asked;
    }

    /// <summary>A model whose first call never ends by itself.</summary>
    private ScriptedModel HangsOnce()
    {
        return new ScriptedModel((_, token) => SpeakAsync(token));

        async IAsyncEnumerable<ChatResponseUpdate> SpeakAsync([EnumeratorCancellation] CancellationToken token)
        {
            if (Interlocked.Increment(ref _calls) == 1)
            {
                _asked.TrySetResult();
                await Task.Delay(Timeout.Infinite, token);
            }

            yield return ScriptedModel.Words("Here.");
        }
    }
}

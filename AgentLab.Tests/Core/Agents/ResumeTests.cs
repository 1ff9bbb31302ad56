using System.Collections.Concurrent;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using AgentLab.Data.Projects;
using AgentLab.Tests.Api;
using AgentLab.Tests.Fakes;
using Microsoft.Extensions.AI;
using static AgentLab.Tests.Fakes.ScriptedModel;

namespace AgentLab.Tests.Core.Agents;

/// <summary>Invariant 4: a run is a fold over its log, whatever the point at which its process ended.</summary>
public sealed class ResumeTests
{
    [Fact]
    public async Task Resume_FromEveryPrefixOfTheLog_EndsTheSameAndRepeatsNoRecordedStep()
    {
        var called = new ConcurrentQueue<string>();
        await using var host = await RunHost.StartAsync(
            new ScriptedModel((prompt, _) => ThreeRounds(prompt)), [Counted("one", called), Counted("two", called), Counted("three", called)]);
        var whole = await host.AskAsync();
        await host.SettleAsync(whole);
        var events = await host.EventsAsync(whole);
        var answer = await host.AnswerAsync(whole);

        for (var length = 3; length < events.Count; length++)
        {
            called.Clear();
            var prefix = events.Take(length).ToList();
            var (id, run) = await CopyAsync(host, prefix);
            host.Supervisor.Start(id, new RunFence(run, 1));
            var session = await host.SettleAsync(id);

            session.Status.ShouldBe(SessionStatus.Completed, $"cut after {length}: {prefix[^1].Type}");
            (await host.AnswerAsync(id)).ShouldBe(answer);
            var recorded = prefix.Select(e => e.Data).OfType<ToolCompleted>().Select(t => t.Tool).ToHashSet();
            called.ShouldBe(new[] { "one", "two", "three" }.Where(t => !recorded.Contains(t)), ignoreOrder: true, $"cut after {length}");
            var after = await host.EventsAsync(id);
            after.Select(e => e.Sequence).ShouldBe(Enumerable.Range(1, after.Count).Select(n => (long)n));
            after.Count(e => e.Data is ModelCompleted).ShouldBe(3);
            after.Count(e => e.Data is RunCompleted).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Restart_InMidAnswer_GoesOnUnderTheNextFence()
    {
        var first = true;
        var speaking = new TaskCompletionSource();
        await using var host = await RunHost.StartAsync(new ScriptedModel((_, token) => Speak(token)));
        var id = await host.AskAsync();
        await speaking.Task;

        await host.RestartAsync();
        var session = await host.SettleAsync(id);

        session.Status.ShouldBe(SessionStatus.Completed);
        (await host.AnswerAsync(id)).ShouldBe("The whole answer.");
        var events = await host.EventsAsync(id);
        events.Select(e => e.Data).OfType<RunResumed>().Single().ShouldSatisfyAllConditions(
            r => r.Reason.ShouldBe(RunReasons.Recovered), r => r.Fence.ShouldBe(2));
        events.Single(e => e.Data is StepRestarted).Attempt.ShouldBe(2);

        async IAsyncEnumerable<ChatResponseUpdate> Speak([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            yield return Words("The ");
            if (first)
            {
                first = false;
                speaking.TrySetResult();
                await Task.Delay(Timeout.Infinite, token);
            }

            yield return Words("whole answer.");
        }
    }

    [Theory]
    [InlineData(OutcomeDecision.Repeat, 1)]
    [InlineData(OutcomeDecision.GoOn, 0)]
    public async Task Resume_UnsafeToolWithoutRecordedEnd_AsksAPersonAndObeys(OutcomeDecision decision, int calls)
    {
        var called = new ConcurrentQueue<string>();
        var pay = RunHost.NewTool("pay", () => { called.Enqueue("pay"); return "paid"; }, ToolEffect.External, repeatSafe: false);
        await using var host = await RunHost.StartAsync(
            new ScriptedModel((prompt, _) => prompt[^1].Role == ChatRole.Tool ? Stream(Words("Done.")) : Stream(Call("1", "pay"))), [pay]);
        var whole = await host.AskAsync();
        await host.SettleAsync(whole);
        var prefix = (await host.EventsAsync(whole)).TakeWhile(e => e.Data is not ToolCompleted).ToList();
        called.Clear();

        var (id, run) = await CopyAsync(host, prefix);
        host.Supervisor.Start(id, new RunFence(run, 1));
        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Waiting);
        called.ShouldBeEmpty();

        (await host.Commands.DecideAsync(id, decision, RunHost.Alice, default)).Ok.ShouldBeTrue();
        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Completed);
        called.Count.ShouldBe(calls);
        (await host.AnswerAsync(id)).ShouldBe("Done.");
        (await host.Commands.DecideAsync(id, decision, RunHost.Alice, default)).Error!.Code.ShouldBe("run_not_paused");
    }

    [Fact]
    public async Task Stop_WhileWaitingForAPerson_EndsTheRun()
    {
        var pay = RunHost.NewTool("pay", () => "paid", ToolEffect.External, repeatSafe: false);
        await using var host = await RunHost.StartAsync(
            new ScriptedModel((prompt, _) => prompt[^1].Role == ChatRole.Tool ? Stream(Words("Done.")) : Stream(Call("1", "pay"))), [pay]);
        var whole = await host.AskAsync();
        await host.SettleAsync(whole);
        var prefix = (await host.EventsAsync(whole)).TakeWhile(e => e.Data is not ToolCompleted).ToList();
        var (id, run) = await CopyAsync(host, prefix);
        host.Supervisor.Start(id, new RunFence(run, 1));
        await host.SettleAsync(id);

        (await host.Commands.StopAsync(id, RunHost.Alice, default)).Ok.ShouldBeTrue();
        await Eventually.TrueAsync(async () => (await host.Reader.FindAsync(id, default))!.Status == SessionStatus.Cancelled);

        (await host.Reader.FindAsync(id, default))!.ActiveRunId.ShouldBeNull();
    }

    [Fact]
    public async Task Run_TakenByAnotherOwner_WritesNothingMore()
    {
        var go = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        var model = new ScriptedModel((_, _) => Wait());
        await using var host = await RunHost.StartAsync(model);
        var id = await host.AskAsync();
        await asked.Task;
        var run = (await host.Reader.FindAsync(id, default))!.ActiveRunId!.Value;

        var taken = new SessionAppend(id, [new NewEvent(new RunResumed(RunReasons.Recovered, "elsewhere", 2), run)]) { Fence = new RunFence(run, 1) };
        (await host.Log.AppendAsync(taken, default)).Landed.ShouldBeTrue();
        var before = await host.EventsAsync(id);
        go.SetResult();
        await ((IRunSupervisor)host.Supervisor).WhenIdleAsync(run, default);

        (await host.EventsAsync(id)).Count.ShouldBe(before.Count);

        async IAsyncEnumerable<ChatResponseUpdate> Wait()
        {
            asked.TrySetResult();
            await go.Task;
            yield return Words("Too late.");
        }
    }

    private static IAsyncEnumerable<ChatResponseUpdate> ThreeRounds(IReadOnlyList<ChatMessage> prompt) =>
        prompt.Count(m => m.Role == ChatRole.Tool) switch
        {
            0 => Stream(Words("Let me see. "), Call("1", "one"), Call("2", "two")),
            2 => Stream(Call("3", "three")),
            _ => Stream(Words("Results: "), Words(string.Join(", ", prompt
                .SelectMany(m => m.Contents).OfType<FunctionResultContent>().Select(r => r.Result!.ToString()).Order()))),
        };

    private static Tool Counted(string name, ConcurrentQueue<string> called) => RunHost.NewTool(name, () =>
    {
        called.Enqueue(name);
        return $"result of {name}";
    });

    /// <summary>A session that has come just so far: the same events under another session and run id.</summary>
    internal static async Task<(SessionId Id, RunId Run)> CopyAsync(RunHost host, IReadOnlyList<SessionEvent> prefix)
    {
        var id = SessionId.New();
        var run = RunId.New();
        var events = prefix.Select(e => new NewEvent(e.Data!, e.RunId is null ? null : run, e.StepId, e.Attempt)).ToList();
        var owner = RunHost.Alice.UserId;
        var copied = await host.Log.AppendAsync(new SessionAppend(id, events) { Create = new NewSession(owner, Project.DefaultId) }, default);
        copied.Landed.ShouldBeTrue();
        return (id, run);
    }
}

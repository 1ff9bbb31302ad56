using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AgentLab.Core.Agents;
using AgentLab.Core.Models;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using AgentLab.Tests.Fakes;
using Microsoft.Extensions.AI;
using static AgentLab.Tests.Fakes.ScriptedModel;

namespace AgentLab.Tests.Core.Agents;

public sealed class RunTests
{
    [Fact]
    public async Task Run_ModelAnswers_RecordsTheWholeAnswerAndEnds()
    {
        await using var host = await RunHost.StartAsync(new ScriptedModel((_, _) => Stream(Words("Hello "), Words("there."))));

        var id = await host.AskAsync();
        var session = await host.SettleAsync(id);

        session.Status.ShouldBe(SessionStatus.Completed);
        (await host.AnswerAsync(id)).ShouldBe("Hello there.");
        var types = (await host.EventsAsync(id)).Select(e => e.Type).Where(t => t != "model.delta");
        types.ShouldBe([
            "session.created", "message.user", "run.started", "step.started", "model.requested", "model.completed", "step.completed", "run.completed"]);
    }

    [Fact]
    public async Task Run_ToolsSideBySide_GivesTheModelEachResult()
    {
        var model = new ScriptedModel((prompt, _) => prompt[^1].Role == ChatRole.Tool
            ? Stream(Words(string.Join(" and ", prompt.SelectMany(m => m.Contents).OfType<FunctionResultContent>().Select(r => r.Result!.ToString()).Order())))
            : Stream(Call("1", "one"), Call("2", "two")));
        await using var host = await RunHost.StartAsync(model, [RunHost.NewTool("one", () => "first"), RunHost.NewTool("two", () => "second")]);

        var id = await host.AskAsync();
        await host.SettleAsync(id);

        (await host.AnswerAsync(id)).ShouldBe("first and second");
    }

    [Fact]
    public async Task Run_UnknownToolAndThrowingTool_TellsTheModelAndGoesOn()
    {
        var model = new ScriptedModel((prompt, _) => prompt[^1].Role == ChatRole.Tool
            ? Stream(Words("Could not."))
            : Stream(Call("1", "nothing_like_it"), Call("2", "throws")));
        await using var host = await RunHost.StartAsync(
            model, [RunHost.NewTool("throws", () => throw new InvalidOperationException("the password is hunter2"))]);

        var id = await host.AskAsync();
        var session = await host.SettleAsync(id);

        session.Status.ShouldBe(SessionStatus.Completed);
        var failures = (await host.EventsAsync(id)).Select(e => e.Data).OfType<ToolFailed>().ToList();
        failures.Select(f => f.Code).ShouldBe([ToolErrorCodes.Unknown, ToolErrorCodes.Broke], ignoreOrder: true);
        failures.ShouldAllBe(f => !f.Message.Contains("hunter2"));
    }

    [Fact]
    public async Task Run_ModelThatLoops_EndsAtItsStepLimit()
    {
        var definition = new AgentDefinition { Name = "Agent", Limits = new RunLimits(Steps: 6) };
        var count = 0;
        var model = new ScriptedModel((_, _) => Stream(Call($"c{Interlocked.Increment(ref count)}", "again")));
        await using var host = await RunHost.StartAsync(model, [RunHost.NewTool("again", () => "and again")], definition);

        var id = await host.AskAsync();
        var session = await host.SettleAsync(id);

        session.Status.ShouldBe(SessionStatus.Failed);
        var events = (await host.EventsAsync(id)).Select(e => e.Data).ToList();
        events.OfType<RunFailed>().Single().Code.ShouldBe("limit_steps");
        events.OfType<BudgetExceeded>().Single().Limit.ShouldBe("steps");
        events.OfType<StepStarted>().Count().ShouldBe(6);
    }

    [Fact]
    public async Task Run_OneAnswerAsksForMoreCallsThanStepsAreLeft_FailsBeforeAnyIsMade()
    {
        var made = 0;
        var definition = new AgentDefinition { Name = "Agent", Limits = new RunLimits(Steps: 6) };
        var model = new ScriptedModel((_, _) => Stream([.. Enumerable.Range(1, 20).Select(i => Call($"c{i}", "again"))]));
        await using var host = await RunHost.StartAsync(model, [RunHost.NewTool("again", () => $"{Interlocked.Increment(ref made)}")], definition);

        var id = await host.AskAsync();
        await host.SettleAsync(id);

        (await host.EventsAsync(id)).Select(e => e.Data).OfType<RunFailed>().Single().Code.ShouldBe("limit_steps");
        made.ShouldBe(0);
    }

    [Fact]
    public async Task Run_AnswerAsksForMoreThanOneEventHolds_FailsWithAClearCode()
    {
        var model = new ScriptedModel((_, _) => Stream([.. Enumerable.Range(1, 10).Select(i => Call($"c{i}", "again", ("text", new string('x', 15_000))))]));
        await using var host = await RunHost.StartAsync(model, [RunHost.NewTool("again", () => "")]);

        var id = await host.AskAsync();
        await host.SettleAsync(id);

        (await host.EventsAsync(id)).Select(e => e.Data).OfType<RunFailed>().Single().Code.ShouldBe(ModelErrorCodes.BadResponse);
    }

    [Theory]
    [InlineData("\U0001F40C", 6_000)]
    [InlineData("\u0001", 20_000)]
    public async Task Run_AnswerGrowsByItsEscapes_IsKeptWhole(string one, int times)
    {
        var text = string.Concat(Enumerable.Repeat(one, times));
        await using var host = await RunHost.StartAsync(new ScriptedModel((_, _) => Stream(Words(text))));

        var id = await host.AskAsync();
        var session = await host.SettleAsync(id);

        session.Status.ShouldBe(SessionStatus.Completed);
        var answer = (await host.EventsAsync(id)).Select(e => e.Data).OfType<ModelCompleted>().Single().Answer;
        var blob = await host.Reader.BlobAsync(id, answer.Blob!, CancellationToken.None);
        System.Text.Encoding.UTF8.GetString(blob!.Content.Span).ShouldBe(text);
    }

    [Fact]
    public async Task Start_UnderAHigherFenceWhileTheLoopRuns_GoesOnAfterIt()
    {
        var asked = new SemaphoreSlim(0);
        var gate = new TaskCompletionSource();
        var model = new ScriptedModel((_, _) => Answer());
        await using var host = await RunHost.StartAsync(model);
        var id = await host.AskAsync();
        await asked.WaitAsync();
        var run = (await host.Reader.FindAsync(id, CancellationToken.None))!.ActiveRunId!.Value;

        var resumed = new NewEvent(new RunResumed("recovered", "node", 2), run);
        (await host.Log.AppendAsync(new SessionAppend(id, [resumed]) { Fence = new RunFence(run, 1) }, CancellationToken.None)).Landed.ShouldBeTrue();
        host.Supervisor.Start(id, new RunFence(run, 2));
        gate.SetResult();

        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Completed);
        model.Prompts.Count.ShouldBe(2);

        async IAsyncEnumerable<ChatResponseUpdate> Answer()
        {
            asked.Release();
            await gate.Task;
            yield return Words("Done.");
        }
    }

    [Fact]
    public async Task Start_MessageWithControlCharacters_GetsATitleOfOneLine()
    {
        await using var host = await RunHost.StartAsync(new ScriptedModel((_, _) => Stream(Words("Yes."))));

        var id = await host.AskAsync("Is\0 this\u001b[31m\na title?");

        (await host.SettleAsync(id)).Title.ShouldBe("Is this [31m a title?");
        (await host.Commands.StartAsync(new StartSession("agent", "\0"), RunHost.Alice, CancellationToken.None)).Ok.ShouldBeFalse();
    }

    [Fact]
    public async Task Run_AnswerBreaksOff_IsAskedAgainAsTheNextAttempt()
    {
        var calls = 0;
        var model = new ScriptedModel((_, _) => Interlocked.Increment(ref calls) == 1 ? Broken() : Stream(Words("Whole.")));
        await using var host = await RunHost.StartAsync(model);

        var id = await host.AskAsync();
        await host.SettleAsync(id);

        (await host.AnswerAsync(id)).ShouldBe("Whole.");
        var restarted = (await host.EventsAsync(id)).Single(e => e.Data is StepRestarted);
        restarted.Attempt.ShouldBe(2);
        ((StepRestarted)restarted.Data!).Reason.ShouldBe(ModelErrorCodes.Interrupted);

        static async IAsyncEnumerable<ChatResponseUpdate> Broken()
        {
            yield return Words("Hal");
            await Task.Yield();
            throw new ModelException(ModelErrorCodes.Interrupted, "The answer broke off.") { IsTransient = true, RetryAfter = TimeSpan.Zero };
        }
    }

    [Fact]
    public async Task Run_ModelRefuses_FailsWithItsCode()
    {
        var model = new ScriptedModel((_, _) => throw new ModelException(ModelErrorCodes.Unauthorized, "The key was refused."));
        await using var host = await RunHost.StartAsync(model);

        var id = await host.AskAsync();
        var session = await host.SettleAsync(id);

        session.Status.ShouldBe(SessionStatus.Failed);
        var failed = (await host.EventsAsync(id)).Select(e => e.Data).OfType<RunFailed>().Single();
        failed.ShouldSatisfyAllConditions(f => f.Code.ShouldBe(ModelErrorCodes.Unauthorized), f => f.CanRetry.ShouldBeFalse());
    }

    [Fact]
    public async Task Stop_WhileTheModelSpeaks_EndsTheRun()
    {
        var spoken = new TaskCompletionSource();
        var model = new ScriptedModel((_, token) => Endless(spoken, token));
        await using var host = await RunHost.StartAsync(model);
        var id = await host.AskAsync();
        await spoken.Task;

        (await host.Commands.StopAsync(id, RunHost.Alice, default)).Ok.ShouldBeTrue();
        var session = await host.SettleAsync(id);

        session.Status.ShouldBe(SessionStatus.Cancelled);
        (await host.EventsAsync(id)).Select(e => e.Data).OfType<StepFailed>().Single().Code.ShouldBe("stop_requested");
        (await host.Commands.StopAsync(id, RunHost.Alice, default)).Error!.Code.ShouldBe("run_not_active");
    }

    [Fact]
    public async Task Stop_AfterTheFirstWord_RecordsWhatTheCutCallHadUsed()
    {
        var spoken = new TaskCompletionSource();
        var used = new ModelUsage { ProviderId = "scripted", ModelId = "fake", InputTokens = 12, OutputTokens = 3, Cost = 0.5m, IsEstimated = true };
        var model = new ScriptedModel((_, token) => CutOff(spoken, used, token));
        await using var host = await RunHost.StartAsync(model);
        var id = await host.AskAsync();
        await spoken.Task;

        (await host.Commands.StopAsync(id, RunHost.Alice, default)).Ok.ShouldBeTrue();
        var session = await host.SettleAsync(id);

        var events = (await host.EventsAsync(id)).Select(e => e.Data).ToList();
        var failed = events.OfType<StepFailed>().Single();
        (failed.Code, failed.Usage, failed.Estimated).ShouldBe(("stop_requested", new UsageTotals(12, 3, 0.5m), true));
        events.OfType<RunCancelled>().Single().Usage.ShouldBe(new UsageTotals(12, 3, 0.5m));
        session.Usage.ShouldBe(new UsageTotals(12, 3, 0.5m));
    }

    [Fact]
    public async Task Run_BreaksWhileTheStoreIsAway_EndsOnceItIsBack()
    {
        RunHost? running = null;
        var model = new ScriptedModel((_, _) =>
        {
            running!.Log.Away = true;
            throw new InvalidOperationException("A fault of the program.");
        });
        await using var host = running = await RunHost.StartAsync(model);
        var id = await host.AskAsync();
        await host.Log.Refused;

        host.Log.Away = false;
        var session = await host.SettleAsync(id);

        session.Status.ShouldBe(SessionStatus.Failed);
        (await host.EventsAsync(id)).Select(e => e.Data).OfType<RunFailed>().Single().Code.ShouldBe("internal");
    }

    [Fact]
    public async Task Send_WhileARunGoesOn_IsRefusedAndNothingIsWritten()
    {
        var spoken = new TaskCompletionSource();
        await using var host = await RunHost.StartAsync(new ScriptedModel((_, token) => Endless(spoken, token)));
        var id = await host.AskAsync();
        await spoken.Task;

        var refused = await host.Commands.SendAsync(new SendMessage(id, "And another"), RunHost.Alice, default);

        refused.Error!.Code.ShouldBe("run_active");
        (await host.EventsAsync(id)).Count(e => e.Data is MessageUser).ShouldBe(1);
    }

    [Fact]
    public async Task Edit_EarlierMessage_TakesItsPlaceInThePrompt()
    {
        var model = new ScriptedModel((prompt, _) => Stream(Words($"You said: {prompt[^1].Text}")));
        await using var host = await RunHost.StartAsync(model);
        var id = await host.AskAsync("First");
        await host.SettleAsync(id);

        var edited = await host.Commands.SendAsync(new SendMessage(id, "Second") { Replaces = 2 }, RunHost.Alice, default);
        edited.Ok.ShouldBeTrue();
        await host.SettleAsync(id);

        (await host.AnswerAsync(id)).ShouldBe("You said: Second");
        model.Prompts.Last().Select(m => m.Text).ShouldBe(["Be exact.", "Second"]);
    }

    [Fact]
    public async Task Start_SameKeyTwice_MakesOneSession()
    {
        await using var host = await RunHost.StartAsync(new ScriptedModel((_, _) => Stream(Words("Once."))));
        var command = new StartSession("agent", "Go.") { Key = new RequestKey("k1") };

        var both = await Task.WhenAll(
            host.Commands.StartAsync(command, RunHost.Alice, default), host.Commands.StartAsync(command, RunHost.Alice, default));
        var other = await host.Commands.StartAsync(command with { Text = "Something else." }, RunHost.Alice, default);

        both.Select(o => o.Value!.Session.Id).Distinct().Count().ShouldBe(1);
        both.Count(o => o.Value!.Replayed).ShouldBe(1);
        other.Error!.Code.ShouldBe("idempotency_key_reused");
    }

    [Fact]
    public async Task Start_SameKeyAfterTheAgentWasDisabled_AnswersAsBefore()
    {
        await using var host = await RunHost.StartAsync(new ScriptedModel((_, _) => Stream(Words("Once."))));
        var command = new StartSession("agent", "Go.") { Key = new RequestKey("k2") };
        var first = await host.Commands.StartAsync(command, RunHost.Alice, default);
        host.Agents.Agent = host.Agents.Agent with { Status = AgentStatus.Disabled };

        var again = await host.Commands.StartAsync(command, RunHost.Alice, default);

        again.Value!.Session.Id.ShouldBe(first.Value!.Session.Id);
        again.Value.Replayed.ShouldBeTrue();
        (await host.Commands.StartAsync(command with { Key = null }, RunHost.Alice, default)).Error!.Code.ShouldBe("agent_disabled");
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public async Task Start_EmptyMessage_IsRefused(string text)
    {
        await using var host = await RunHost.StartAsync(new ScriptedModel((_, _) => Stream(Words("?"))));

        var refused = await host.Commands.StartAsync(new StartSession("agent", text), RunHost.Alice, default);

        refused.Error!.ShouldSatisfyAllConditions(e => e.Code.ShouldBe("invalid"), e => e.Field.ShouldBe("message"));
    }

    [Fact]
    public async Task Commands_OnSomebodyElsesSession_FindNothing()
    {
        await using var host = await RunHost.StartAsync(new ScriptedModel((_, _) => Stream(Words("Mine."))));
        var id = await host.AskAsync();
        await host.SettleAsync(id);
        var bob = RunHost.Alice with { UserId = Guid.NewGuid() };

        (await host.Commands.SendAsync(new SendMessage(id, "Hi"), bob, default)).Error!.Code.ShouldBe("not_found");
        (await host.Commands.StopAsync(id, bob, default)).Error!.Code.ShouldBe("not_found");
        (await host.Commands.RetryAsync(id, null, bob, default)).Error!.Code.ShouldBe("not_found");
        (await host.Commands.RenameAsync(id, "Mine now", bob, default)).Error!.Code.ShouldBe("not_found");
        (await host.Commands.DeleteAsync(id, bob, default)).Error!.Code.ShouldBe("not_found");
    }

    [Fact]
    public async Task Sessions_AHundredAtOnce_NeverMix()
    {
        var model = new ScriptedModel((prompt, _) => prompt[^1].Role == ChatRole.Tool
            ? Stream(Words($"The marker is {prompt[1].Text}."))
            : Stream(Call("1", "echo")));
        await using var host = await RunHost.StartAsync(model, [RunHost.NewTool("echo", () => "done")]);
        var markers = Enumerable.Range(0, 100).Select(n => $"marker-{n:000}-{Guid.NewGuid():N}").ToList();

        var ids = await Task.WhenAll(markers.Select(m => host.AskAsync(m)));
        await Task.WhenAll(ids.Select(host.SettleAsync));

        var logs = new ConcurrentDictionary<int, string>();
        for (var i = 0; i < ids.Length; i++)
        {
            logs[i] = string.Concat((await host.EventsAsync(ids[i])).Select(e => new EncodedEvent(e).ToString()));
            logs[i].ShouldContain($"The marker is {markers[i]}.");
        }

        for (var i = 0; i < ids.Length; i++)
        {
            markers.Where((_, m) => m != i).ShouldAllBe(other => !logs[i].Contains(other, StringComparison.Ordinal));
        }

        model.Prompts.ShouldAllBe(p => markers.Count(m => p.Any(message => message.Text.Contains(m, StringComparison.Ordinal))) == 1);
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> CutOff(
        TaskCompletionSource spoken, ModelUsage used, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return ScriptedModel.Words("Half of an ");
        spoken.TrySetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException e)
        {
            throw new ModelCallCutException(used, e);
        }
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Endless(TaskCompletionSource spoken, [EnumeratorCancellation] CancellationToken token)
    {
        for (var i = 0; ; i++)
        {
            yield return Words("on ");
            spoken.TrySetResult();
            await Task.Delay(10, token);
        }
    }
}

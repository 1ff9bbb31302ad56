using System.Text.Json;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Tests.Fakes.Workflows;

namespace AgentLab.Tests.Core.Workflows.Engine;

public sealed class WorkflowRunTests
{
    private const string Set = """{"values":[{"name":"total","value":"{{data.a}}"}]}""";

    [Fact]
    public async Task Line_OfPureNodes_IsFiveAppendsAndTheLastHoldsTheEnd()
    {
        await using var host = await WorkflowHost.StartAsync();
        var drawn = new Drawn().Node("one", "set_values", Set)
            .Node("test", "condition", """{"condition":{"left":"{{data.total}}","operator":"greater","right":5}}""")
            .Node("two", "set_values", """{"values":[{"name":"big","value":true}]}""").Node("answer", "respond", """{"status":201,"body":"{{data}}"}""")
            .Path("start > one > test:true > two > answer");

        var run = await host.RunAsync(drawn, """{"a":7}""");
        var state = await host.Runs.WaitAsync(run, TimeSpan.FromSeconds(20), CancellationToken.None);

        state.Status.ShouldBe("completed");
        state.Response!.Status.ShouldBe(201);
        state.Output!.Value.GetRawText().ShouldBe("""{"a":7,"total":7,"big":true}""");
        (await host.EventsAsync(run)).Select(e => e.Type + (e.StepId is { } step ? " " + step : "")).ShouldBe(
        [
            "session.created", "run.started", "node.completed start", "node.started one", "node.completed one", "node.started test", "node.completed test", "node.started two",
            "node.completed two", "node.started answer", "node.completed answer", "run.completed",
        ]);
        var read = await host.Runs.FindAsync(run.RunId, WorkflowHost.Alice, CancellationToken.None);
        read!.Output!.Value.GetRawText().ShouldBe(state.Output.Value.GetRawText());
        read.Response!.Status.ShouldBe(201);
    }

    [Fact]
    public async Task Branches_OnlyTheLiveOneRuns_AndAMergeTakesWhatCame()
    {
        await using var host = await WorkflowHost.StartAsync();
        var drawn = new Drawn().Node("if", "choose", """{"port":"a"}""").Node("yes").Node("no").Node("deep").Node("join", "merge").Node("both")
            .Path("start > if:a > yes > join").Path("if:b > no > deep > join > both").Path("start > both");

        var run = await host.RunAsync(drawn, """{"n":1}""");
        var state = await host.SettleAsync(run);

        state.Status.ShouldBe("completed");
        state.Output!.Value.GetRawText().ShouldBe("""[[{"n":1}],{"n":1}]""");
        (await host.PortsAsync(run)).Keys.Order().ShouldBe(["both", "if", "join", "start", "yes"]);
    }

    [Fact]
    public async Task Merge_OfAny_RunsWithTheFirstAndOnce()
    {
        await using var host = await WorkflowHost.StartAsync();
        var slow = host.Bench.Hold("slow");
        host.Bench.Answers["fast"] = _ => NodeResult.Of(JsonElement.Parse("1"));
        var drawn = new Drawn().Node("slow").Node("fast").Node("join", "merge", """{"mode":"any","combine":"first"}""").Node("after")
            .Path("start > slow > join").Path("start > fast > join > after");

        var run = await host.RunAsync(drawn);
        await host.SeeAsync<NodeCompleted>(run, "after");
        slow.SetResult();
        var state = await host.SettleAsync(run);

        state.Output!.Value.GetRawText().ShouldBe("1");
        host.Bench.CallsOf("after").ShouldBe(1);
    }

    [Fact]
    public async Task Loops_InsideOneAnother_GiveResultsInOrder()
    {
        await using var host = await WorkflowHost.StartAsync();
        var drawn = new Drawn().Node("outer", "loop", """{"items":"{{data.rows}}","parallel":3}""").Node("inner", "loop", """{"items":"{{item}}","parallel":2}""")
            .Node("cell").Node("end")
            .Path("start > outer:each > inner:each > cell").Path("outer:done > end");
        host.Bench.Answers["cell[1.0]"] = call => NodeResult.Of(JsonElement.Parse($"\"{call.Scope.Index}:{call.Scope.Item}\""));

        var run = await host.RunAsync(drawn, """{"rows":[[1,2],[3],[]]}""");
        var state = await host.SettleAsync(run);

        state.Status.ShouldBe("completed", state.Error?.Message);
        state.Output!.Value.GetRawText().ShouldBe("""[[1,2],["0:3"],[]]""");
        (await host.PortsAsync(run)).Keys.ShouldContain("cell[0.1]");
    }

    [Fact]
    public async Task Loop_ThatKeepsGoing_HasTheErrorAsResult()
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Bench.Answers["work[1]"] = _ => new NodeResult.Failed("broken", "It broke.");
        var drawn = new Drawn().Node("each", "loop", """{"items":"{{data.rows}}","keep_going":true}""").Node("work").Path("start > each:each > work");

        var state = await host.RunToEndAsync(drawn, """{"rows":[1,2,3]}""");

        state.Status.ShouldBe("completed");
        state.Output!.Value[1].GetProperty("error").GetProperty("code").GetString().ShouldBe("broken");
        state.Output!.Value[2].GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task Loop_ThatFails_FailsTheRunAndStopsTheOtherIterations()
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Bench.Hold("work[0]");
        host.Bench.Answers["work[1]"] = _ => new NodeResult.Failed("broken", "It broke.");
        var drawn = new Drawn().Node("each", "loop", """{"items":"{{data.rows}}","parallel":2}""").Node("work").Path("start > each:each > work");

        var run = await host.RunAsync(drawn, """{"rows":[1,2,3]}""");
        var state = await host.SettleAsync(run);

        (state.Status, state.Error!.Code).ShouldBe(("failed", "broken"));
        host.Bench.Running.ShouldBe(0);
        host.Bench.CallsOf("work[2]").ShouldBe(0);
        (await host.EventsAsync(run)).Where(e => e.Data is NodeFailed).Select(e => (e.StepId, ((NodeFailed)e.Data!).Code))
            .ShouldBe([("work[1]", "broken"), ("work[0]", "cancelled"), ("each", "broken")]);
    }

    [Theory]
    [InlineData(31_536_000, 0.02, 20)]
    [InlineData(0.01, 60, 10)]
    public async Task Retry_WhenTheOtherSideSaysHowLong_WaitsNoLongerThanTheNodesLongestPause(double asked, double longest, long expectedMs)
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Bench.Answers["a"] = call => call.Attempt == 1
            ? new NodeResult.Failed("busy", "Later.", CanRetry: true) { RetryAfter = TimeSpan.FromSeconds(asked) }
            : NodeResult.Of(JsonElement.Parse("1"));
        var run = await host.RunAsync(new Drawn().Node("a", with: n => n with { Retry = new NodeRetry(2, 0, longest) }).Path("start > a"));

        (await host.SettleAsync(run)).Status.ShouldBe("completed");

        (await host.EventsAsync(run)).Select(e => e.Data).OfType<NodeFailed>().Single().RetryMs.ShouldBe(expectedMs);
    }

    [Fact]
    public async Task Retry_AfterAFailureThatMayPass_IsAnotherAttemptUnderTheSameKey()
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Bench.Answers["a"] = call => call.Attempt < 3 ? new NodeResult.Failed("away", "Not there.", CanRetry: true) : NodeResult.Of(JsonElement.Parse("1"));
        var drawn = new Drawn().Node("a", with: n => n with { Retry = new NodeRetry(3, 0.01, 0.02) }).Path("start > a");

        var run = await host.RunAsync(drawn);
        (await host.SettleAsync(run)).Status.ShouldBe("completed");

        host.Bench.Calls.Select(c => c.Key).Distinct().Count().ShouldBe(1);
        var starts = (await host.EventsAsync(run)).Where(e => e.Data is NodeStarted).ToList();
        starts.Select(e => (e.Attempt, ((NodeStarted)e.Data!).Reason)).ShouldBe([(1, null), (2, "away"), (3, "away")]);
    }

    [Theory]
    [InlineData(OnNodeError.Stop, "failed", "away")]
    [InlineData(OnNodeError.Continue, "completed", "after")]
    [InlineData(OnNodeError.Port, "completed", "mend")]
    public async Task Failure_GoesOnAsTheNodeSays(OnNodeError onError, string status, string last)
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Bench.Answers["a"] = _ => new NodeResult.Failed("away", "Not there.");
        var drawn = new Drawn().Node("a", with: n => n with { OnError = onError }).Node("after").Node("mend").Path("start > a > after").Path("a:error > mend");

        var run = await host.RunAsync(drawn);
        var state = await host.SettleAsync(run);

        state.Status.ShouldBe(status);
        if (status == "failed")
        {
            state.Error!.Code.ShouldBe(last);
        }
        else
        {
            state.Output!.Value.GetProperty("error").GetProperty("code").GetString().ShouldBe("away");
            (await host.PortsAsync(run)).Keys.ShouldContain(last);
        }
    }

    [Fact]
    public async Task Cancel_ReachesRunningNodesAndNothingStartsAfterIt()
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Bench.Hold("a");
        var run = await host.RunAsync(new Drawn().Node("a").Node("b").Path("start > a > b"));
        await host.Bench.ReachedAsync("a");

        (await host.Runs.CancelAsync(run.RunId, WorkflowHost.Alice, CancellationToken.None)).Ok.ShouldBeTrue();

        (await host.SettleAsync(run)).Status.ShouldBe("cancelled");
        host.Bench.Running.ShouldBe(0);
        host.Bench.CallsOf("b").ShouldBe(0);
        (await host.EventsAsync(run)).TakeLast(2).Select(e => e.Type).ShouldBe(["node.failed", "run.cancelled"]);
    }

    [Fact]
    public async Task SubWorkflow_RunsInsideItsStep()
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Versions.Add("double", new Drawn().Node("sum", "set_values", """{"values":[{"name":"twice","value":"{{input.n}}{{input.n}}"}]}""").Path("start > sum").Done("Double"));
        var drawn = new Drawn().Node("sub", "sub_workflow", """{"workflow":"double","input":{"n":"{{data.a}}"}}""").Node("end").Path("start > sub > end");

        var run = await host.RunAsync(drawn, """{"a":4}""");
        var state = await host.SettleAsync(run);

        state.Status.ShouldBe("completed", state.Error?.Message);
        state.Output!.Value.GetRawText().ShouldBe("""{"n":4,"twice":"44"}""");
        (await host.PortsAsync(run)).Keys.ShouldBe(["start", "sub/start", "sub/sum", "sub", "end"]);
    }

    [Fact]
    public async Task SubWorkflow_ThatRunsItself_IsRefused()
    {
        await using var host = await WorkflowHost.StartAsync();
        host.Versions.Add("again", new Drawn().Node("sub", "sub_workflow", """{"workflow":"again"}""").Path("start > sub").Done("Again"));

        var state = await host.SettleAsync(await host.RunAsync(new StartWorkflowRun { Workflow = "again", Input = JsonElement.Parse("{}") }));

        (state.Status, state.Error!.Code).ShouldBe(("failed", "workflow_cycle"));
    }

    [Fact]
    public async Task Steps_OverTheLimit_EndTheRun()
    {
        await using var host = await WorkflowHost.StartAsync();
        var drawn = new Drawn().Node("each", "while", """{"condition":{"left":1,"operator":"equals","right":1},"max":1000}""").Node("w")
            .Path("start > each:each > w").Limits(new WorkflowLimits(Steps: 5));

        var state = await host.RunToEndAsync(drawn);

        (state.Status, state.Error!.Code).ShouldBe(("failed", "limit_steps"));
    }

    [Fact]
    public async Task Input_ThatDoesNotFit_NamesEachField()
    {
        await using var host = await WorkflowHost.StartAsync();
        var drawn = new Drawn().Input("""{"type":"object","properties":{"name":{"type":"string"},"n":{"type":"integer"}},"required":["name"]}""");

        var started = await host.Runs.StartAsync(
            new StartWorkflowRun { Definition = drawn.Done(), Input = JsonElement.Parse("""{"n":"x"}""") }, WorkflowHost.Alice, CancellationToken.None);

        started.Errors.Select(e => (e.Code, e.Field)).ShouldBe([("invalid", "input.name"), ("invalid", "input.n")], ignoreOrder: true);
    }

    [Fact]
    public async Task LargeValues_GoToBlobsAndComeBack()
    {
        await using var host = await WorkflowHost.StartAsync();
        var text = new string('x', 100_000);
        host.Bench.Answers["big"] = _ => NodeResult.Of(JsonSerializer.SerializeToElement(text));
        var run = await host.RunAsync(new Drawn().Node("big").Node("after").Path("start > big > after"));

        var state = await host.SettleAsync(run);

        state.Output!.Value.GetString().ShouldBe(text);
        (await host.SeeAsync<NodeCompleted>(run, "big")).Output.Value.ShouldBeNull();
    }
}

using System.Text.Json;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Core.Workflows.Nodes.Results;
using AgentLab.Tests.Fakes;
using AgentLab.Tests.Fakes.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Workflows.Nodes;

public sealed class FlowKindsTests
{
    private static readonly INodeKinds Kinds = Palette.Create();

    private readonly NodeHarness _harness = new();

    [Theory]
    [InlineData("5", "true")]
    [InlineData("50", "false")]
    public async Task Condition_Decides_ThroughItsPort(string total, string port)
    {
        var output = await _harness.OutputAsync(Kinds.Find("condition")!, """{"condition": {"left": "{{data.total}}", "operator": "less", "right": 10}}""", $$"""{"total": {{total}}}""", port);

        output.GetProperty("total").GetRawText().ShouldBe(total);
    }

    [Fact]
    public async Task Condition_TypesThatDoNotFit_Fails() =>
        (await _harness.FailureAsync(Kinds.Find("condition")!, """{"condition": {"left": "{{data}}", "operator": "less", "right": 10}}""", "\"5\"")).Code.ShouldBe("condition_type");

    [Theory]
    [InlineData("\"DE\"", "germany")]
    [InlineData("\"AT\"", "austria")]
    [InlineData("\"FR\"", "default")]
    [InlineData("null", "default")]
    public async Task Switch_ByValue_TakesTheCase(string value, string port) =>
        await _harness.OutputAsync(Kinds.Find("switch")!, """{"value": "{{data}}", "cases": [{"name": "germany", "equals": "DE"}, {"name": "austria", "equals": "AT"}]}""", value, port);

    [Fact]
    public async Task Switch_ByCondition_TakesTheFirstThatHolds() =>
        await _harness.OutputAsync(
            Kinds.Find("switch")!,
            """{"by": "condition", "cases": [{"name": "big", "condition": {"left": "{{data}}", "operator": "greater", "right": 100}}, {"name": "any_", "condition": {"left": "{{data}}", "operator": "exists"}}]}""",
            "7",
            "any_");

    [Fact]
    public void Switch_Ports_FollowItsCases()
    {
        var settings = JsonElement.Parse("""{"value": 1, "cases": [{"name": "a", "label": "A", "equals": 1}, {"name": "a", "equals": 2}, {"name": "Not Right", "equals": 3}, {"name": "default", "equals": 4}, {"name": "error", "equals": 5}]}""");

        Kinds.Find("switch")!.Outputs(settings).ShouldBe([new NodePort("a", "A"), new NodePort("default", "otherwise")]);
        Kinds.Find("switch")!.Check(settings).Select(f => f.Field).ShouldBe(["/cases/1/name", "/cases/3/name", "/cases/4/name"]);
    }

    [Theory]
    [InlineData("""{"combine": "list"}""", """[{"a": 1}, {"b": 2}]""")]
    [InlineData("""{"combine": "first"}""", """{"a": 1}""")]
    [InlineData("""{"combine": "object"}""", """{"a": 1, "b": 2}""")]
    public async Task Merge_Combines_AsItIsTold(string settings, string expected) =>
        JsonElement.DeepEquals(await _harness.OutputAsync(Kinds.Find("merge")!, settings, """[{"a": 1}, {"b": 2}]"""), JsonElement.Parse(expected)).ShouldBeTrue();

    [Fact]
    public async Task Merge_ObjectOfNumbers_Fails() => (await _harness.FailureAsync(Kinds.Find("merge")!, """{"combine": "object"}""", "[1, 2]")).Code.ShouldBe("merge_type");

    [Fact]
    public void Loop_Plan_SaysWhatToDo()
    {
        var loop = (ILoopKind)Kinds.Find("loop")!;

        var plan = loop.Plan(_harness.Call(loop, """{"items": "{{data.x}}", "parallel": 3, "max": 10, "result": "{{item}}", "keep_going": true}""", """{"x": [1, 2]}"""));

        plan.Items!.Select(i => i.GetInt32()).ShouldBe([1, 2]);
        (plan.Parallel, plan.MaxIterations, plan.Result, plan.KeepGoing).ShouldBe((3, 10, "{{item}}", true));
        Should.Throw<ExpressionException>(() => loop.Plan(_harness.Call(loop, "{}", "{}"))).Code.ShouldBe("items_no_list");
    }

    [Fact]
    public void While_Continues_AsLongAsItHolds()
    {
        var loop = (ILoopKind)Kinds.Find("while")!;
        const string Settings = """{"condition": {"all": [{"left": "{{data.next}}", "operator": "exists"}, {"left": "{{index}}", "operator": "less", "right": 2}]}, "max": 5}""";

        loop.Plan(_harness.Call(loop, Settings)).ShouldBe(new LoopPlan(null, 1, 5));
        loop.Continues(_harness.Call(loop, Settings, """{"next": 1}"""), 1).ShouldBeTrue();
        loop.Continues(_harness.Call(loop, Settings, """{"next": 1}"""), 2).ShouldBeFalse();
        loop.Continues(_harness.Call(loop, Settings, """{"next": null}"""), 0).ShouldBeFalse();
    }

    [Fact]
    public async Task Stop_Ends_AsItIsTold()
    {
        var stop = Kinds.Find("stop")!;
        (await _harness.FailureAsync(stop, """{"message": "No {{data}}"}""", "\"address\"")).ShouldBe(new NodeResult.Failed("stopped", "No address"));
        (await _harness.OutputAsync(stop, """{"as": "completed"}""", "7")).GetInt32().ShouldBe(7);
    }

    [Theory]
    [InlineData("manual_trigger", "{}")]
    [InlineData("chat_trigger", "{}")]
    [InlineData("webhook_trigger", """{"slug": "abc"}""")]
    [InlineData("workflow_event_trigger", """{"workflow": "abc"}""")]
    public async Task Trigger_Any_GivesTheRunsInput(string kind, string settings) =>
        (await _harness.OutputAsync(Kinds.Find(kind)!, settings, "null", input: """{"x": 1}""")).GetProperty("x").GetInt32().ShouldBe(1);

    [Theory]
    [InlineData("sub_workflow", """{"workflow": "abc", "input": {"id": "{{data}}"}}""", """{"id": 7}""")]
    [InlineData("parallel", "{}", "7")]
    public async Task PassThrough_Kinds_GiveWhatTheyHandOn(string kind, string settings, string expected) =>
        (await _harness.OutputAsync(Kinds.Find(kind)!, settings, "7")).GetRawText().ShouldBe(expected.Replace(" ", "", StringComparison.Ordinal));

    [Fact]
    public async Task Respond_Output_IsReadAsTheAnswer()
    {
        var output = await _harness.OutputAsync(Kinds.Find("respond")!, """{"status": 201, "body": {"id": "{{data}}"}, "headers": [{"name": "X-Id", "value": "{{text data}}"}]}""", "7");

        var response = RespondOutput.Read(output)!;
        (response.Status, response.Headers["x-id"], response.Body.GetRawText()).ShouldBe((201, "7", """{"id":7}"""));
        RespondOutput.Read(JsonElement.Parse("[]")).ShouldBeNull();
    }

    [Theory]
    [InlineData("Set-Cookie", "a=b")]
    [InlineData("Content-Type", "text/html")]
    [InlineData("Location", "javascript:alert(1)")]
    [InlineData("X-A", "a\nSet-Cookie: b")]
    [InlineData("Access-Control-Allow-Origin", "*")]
    public async Task Respond_HeaderThatIsNotAllowed_IsRefused(string name, string value)
    {
        var settings = JsonSerializer.Serialize(new { headers = new[] { new { name, value } } });

        (await _harness.FailureAsync(Kinds.Find("respond")!, settings)).Code.ShouldBe("header_refused");
        Kinds.Find("respond")!.Check(JsonElement.Parse(settings)).ShouldHaveSingleItem().Field.ShouldBe("/headers/0/name");
    }

    [Fact]
    public async Task Wait_ForATime_WaitsAndGoesOnWithWhatCameIn()
    {
        var wait = (IWaitingKind)Waiting("wait");
        const string Settings = """{"for": "time", "amount": 2, "unit": "hours"}""";

        var waits = (await _harness.RunAsync(wait, Settings, "7")).ShouldBeOfType<NodeResult.Waits>();

        (waits.For.Kind, waits.For.DueAt, waits.For.Key).ShouldBe(("timer", NodeHarness.StartedAt.AddHours(2), null));
        var end = (NodeResult.Completed)await wait.ResumeAsync(_harness.Call(wait, Settings, "7"), new WaitEnd("due"), CancellationToken.None);
        (end.Port, end.Output.GetInt32()).ShouldBe(("out", 7));
    }

    [Fact]
    public async Task Wait_ForARequest_HasAKeyAndBothPorts()
    {
        var wait = (IWaitingKind)Waiting("wait");
        const string Settings = """{"for": "request", "expires_after_hours": 1}""";

        var waits = (await _harness.RunAsync(wait, Settings, "7")).ShouldBeOfType<NodeResult.Waits>();

        waits.For.Kind.ShouldBe("webhook");
        waits.For.Key!.ShouldEndWith("/node");
        wait.Outputs(JsonElement.Parse(Settings)).Select(p => p.Name).ShouldBe(["out", "expired"]);
        var came = (NodeResult.Completed)await wait.ResumeAsync(_harness.Call(wait, Settings, "7"), new WaitEnd("delivered", JsonElement.Parse("1")), CancellationToken.None);
        var expired = (NodeResult.Completed)await wait.ResumeAsync(_harness.Call(wait, Settings, "7"), new WaitEnd("due"), CancellationToken.None);
        (came.Port, came.Output.GetInt32(), expired.Port, expired.Output.GetInt32()).ShouldBe(("out", 1, "expired", 7));
    }

    [Theory]
    [InlineData("\"2026-03-01T09:00:00Z\"", true)]
    [InlineData("\"2026-03-01T10:00:00Z\"", false)]
    public async Task Wait_UntilATime_IsOverWhenItHasPassed(string until, bool isOver) =>
        ((await _harness.RunAsync(Waiting("wait"), """{"for": "until", "until": "{{data}}"}""", until)) is NodeResult.Completed).ShouldBe(isOver);

    [Fact]
    public async Task Wait_WrongTimes_Fail()
    {
        (await _harness.FailureAsync(Waiting("wait"), """{"for": "until", "until": "{{data}}"}""", "\"soon\"")).Code.ShouldBe("time_invalid");
        (await _harness.FailureAsync(Waiting("wait"), """{"amount": 9999, "unit": "days"}""")).Code.ShouldBe("wait_too_long");
        Kinds.Find("wait")!.Check(JsonElement.Parse("""{"for": "until", "until": "soon"}""")).ShouldHaveSingleItem().Code.ShouldBe("time_invalid");
    }

    [Theory]
    [InlineData("approved", "approved")]
    [InlineData("rejected", "rejected")]
    [InlineData("due", "expired")]
    public async Task Approval_Answer_LeavesThroughItsPort(string cause, string port)
    {
        var approval = (IWaitingKind)Waiting("approval");
        const string Settings = """{"title": "Refund {{data.id}}?", "details": {"amount": "{{data.total}}"}, "expires_after_hours": 2}""";
        var waits = (await _harness.RunAsync(approval, Settings, """{"id": 1, "total": 5}""")).ShouldBeOfType<NodeResult.Waits>();
        (waits.For.Question!.Title, waits.For.Question.Details!.Value.GetRawText(), waits.For.DueAt).ShouldBe(("Refund 1?", """{"amount":5}""", NodeHarness.StartedAt.AddHours(2)));

        var result = (NodeResult.Completed)await approval.ResumeAsync(_harness.Call(approval, Settings, """{"id": 1, "total": 5}"""), new WaitEnd(cause, By: Guid.Empty, Reason: "fine"), CancellationToken.None);

        result.Port.ShouldBe(port);
        result.Output.GetProperty("decision").GetString().ShouldBe(port);
        result.Output.GetProperty("data").GetProperty("id").GetInt32().ShouldBe(1);
        result.Output.GetProperty("details").GetProperty("amount").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task Form_Values_AreCheckedAgainstTheSchema()
    {
        var form = (IWaitingKind)Waiting("form");
        const string Settings = """{"title": "Who?", "schema": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}}""";
        (await _harness.RunAsync(form, Settings)).ShouldBeOfType<NodeResult.Waits>().For.Question!.Form.ShouldNotBeNull();
        var call = _harness.Call(form, Settings, "7");

        var right = (NodeResult.Completed)await form.ResumeAsync(call, new WaitEnd("submitted", JsonElement.Parse("""{"name": "Ann"}""")), CancellationToken.None);
        var wrong = await form.ResumeAsync(call, new WaitEnd("submitted", JsonElement.Parse("{}")), CancellationToken.None);
        var late = (NodeResult.Completed)await form.ResumeAsync(call, new WaitEnd("due"), CancellationToken.None);

        right.Output.GetProperty("name").GetString().ShouldBe("Ann");
        wrong.ShouldBeOfType<NodeResult.Failed>().Message.ShouldContain("name is missing");
        late.Port.ShouldBe("expired");
        form.Check(JsonElement.Parse("""{"title": "x", "schema": {"type": "string", "$ref": "#"}}""")).Select(f => f.Field).ShouldBe(["/schema/type", "/schema/$ref"]);
    }

    [Theory]
    [InlineData("approval", """{"title": "x"}""", "approved")]
    [InlineData("form", """{"title": "x", "schema": {"type": "object"}}""", "out")]
    [InlineData("wait", """{"for": "request"}""", "out")]
    public async Task Waiting_DryRun_GoesOnAtOnce(string kind, string settings, string port) =>
        await new NodeHarness { DryRun = true }.OutputAsync(Waiting(kind), settings, "7", port);

    private static INodeKind Waiting(string kind) => Palette.Kind(
        kind, services => services.AddSingleton<TimeProvider>(new FixedTime(NodeHarness.StartedAt)).AddSingleton<IWaitKeys, PlainWaitKeys>());
}

using System.Text.Json;
using AgentLab.Core.Models;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Tests.Core.Workflows.Nodes;
using AgentLab.Tests.Fakes;
using AgentLab.Tests.Fakes.Workflows;

namespace AgentLab.Tests.Core.Workflows.Engine;

/// <summary>Each kind that can fail does so inside the engine with a code of its own, and the run goes on through the port <c>error</c> when the node says so.</summary>
public sealed class KindErrorPortTests
{
    private const string Input = """{"word": "soon", "path": "a/b", "words": ["x"], "url": "ftp://example.org"}""";

    /// <summary>The kinds that never leave through <c>error</c>, and why.</summary>
    private static readonly Dictionary<string, string> Without = new()
    {
        ["manual_trigger"] = "a trigger does not run: its value is the run's input",
        ["chat_trigger"] = "a trigger does not run: its value is the run's input",
        ["webhook_trigger"] = "a trigger does not run: its value is the run's input",
        ["workflow_event_trigger"] = "a trigger does not run: its value is the run's input",
        ["parallel"] = "it has no settings and hands on what came in",
        ["stop"] = "its failure is what it is for: it ends the run",
    };

    /// <summary>Settings that pass every check before the run and fail in it, and the code.</summary>
    public static TheoryData<string, string, string> Failing { get; } = new()
    {
        { "agent", """{"agent": "nobody", "message": "Go on."}""", "agent_not_found" },
        { "aggregate", """{"items": "{{data.words}}", "values": [{"name": "s", "operation": "sum", "value": "{{item}}"}]}""", "aggregate_type" },
        { "approval", """{"title": "Until {{dateAdd data.word 1 \"days\"}}?"}""", "template_type" },
        { "artifact", """{"name": "{{data.path}}"}""", "name_invalid" },
        { "condition", """{"condition": {"left": "{{data.word}}", "operator": "less", "right": 10}}""", "condition_type" },
        { "deduplicate", """{"items": "{{data.word}}"}""", "items_no_list" },
        { "filter", """{"items": "{{data.word}}", "condition": {"left": "{{item}}", "operator": "exists"}}""", "items_no_list" },
        { "form", """{"title": "Until {{dateAdd data.word 1 \"days\"}}?", "schema": {"type": "object"}}""", "template_type" },
        { "http_request", """{"url": "{{data.url}}"}""", "url_invalid" },
        { "json_path", """{"path": "{{data.word}}"}""", "path_syntax" },
        { "limit", """{"items": "{{data.word}}"}""", "items_no_list" },
        { "loop", """{"items": "{{data.word}}"}""", "items_no_list" },
        { "merge", """{"combine": "object"}""", "merge_type" },
        { "model_prompt", """{"prompt": "Go on."}""", "model_rate_limited" },
        { "report", """{"title": "Of the day", "name": "{{data.path}}", "parts": [{"content": "x"}]}""", "name_invalid" },
        { "respond", """{"headers": [{"name": "Set-{{text \"Cookie\"}}", "value": "a=b"}]}""", "header_refused" },
        { "send_webhook", """{"url": "{{data.url}}"}""", "url_invalid" },
        { "set_values", """{"values": [{"name": "{{data.word}}..b", "value": 1}]}""", "name_invalid" },
        { "sort", """{"items": "{{data.word}}", "by": [{"value": "{{item}}"}]}""", "items_no_list" },
        { "split", """{"text": "{{dateAdd data.word 1 \"days\"}}"}""", "template_type" },
        { "sub_workflow", """{"workflow": "nobodys"}""", "workflow_not_found" },
        { "switch", """{"by": "condition", "cases": [{"name": "big", "condition": {"left": "{{data.word}}", "operator": "greater", "right": 100}}]}""", "condition_type" },
        { "tool_call", """{"tool": "calculator", "arguments": {"expression": "{{data.word}} +"}}""", "tool_refused" },
        { "transform", """{"text": "{{dateAdd data.word 1 \"days\"}}"}""", "template_type" },
        { "wait", """{"for": "until", "until": "{{data.word}}"}""", "time_invalid" },
        { "while", """{"condition": {"left": "{{data.word}}", "operator": "less", "right": 10}}""", "condition_type" },
    };

    [Fact]
    public void Kinds_All_FailHereOrHaveAReasonWhyNot() =>
        Failing.Select(row => (string)row[0]).Concat(Without.Keys).Order(StringComparer.Ordinal).ShouldBe(Palette.Golden.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Failing))]
    public async Task Kind_ThatFails_GoesOutThroughItsErrorPort(string kind, string settings, string code)
    {
        await using var host = await WorkflowHost.StartAsync(new ScriptedModel((_, _) => throw new ModelException(ModelErrorCodes.RateLimited, "Too many calls.")));
        var drawn = new Drawn()
            .Node("wrong", kind, settings, n => n with { Retry = new NodeRetry(1, 0, 0), OnError = OnNodeError.Port })
            .Node("mend").Node("after").Path("start > wrong:error > mend");
        drawn.Edge("wrong", "after", Palette.Create().Find(kind)!.Outputs(JsonElement.Parse(settings))[0].Name);

        if (kind == "merge")
        {
            drawn.Node("text", "transform", """{"text": "no object"}""").Path("start > text > wrong");
        }

        var run = await host.RunAsync(drawn, Input);
        var state = await host.SettleAsync(run);

        state.Status.ShouldBe("completed", $"{state.Error?.Code} {state.Error?.Message}");
        var ports = await host.PortsAsync(run);
        (ports.ContainsKey("wrong"), ports.ContainsKey("mend"), ports.ContainsKey("after")).ShouldBe((false, true, false));
        var error = state.Output!.Value.GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe(code);
        error.GetProperty("message").GetString()!.Length.ShouldBeGreaterThan(10);
    }
}

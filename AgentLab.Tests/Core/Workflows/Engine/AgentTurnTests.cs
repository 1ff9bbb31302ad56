using System.Text.Json;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Models;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Tests.Fakes;
using AgentLab.Tests.Fakes.Workflows;
using Microsoft.Extensions.AI;

namespace AgentLab.Tests.Core.Workflows.Engine;

public sealed class AgentTurnTests
{
    [Fact]
    public async Task Turn_InsideANode_IsRecordedUnderItsStepAndCountsForTheRun()
    {
        var model = new ScriptedModel((prompt, _) => prompt[^1].Role == ChatRole.Tool ? Say($"It is {prompt[^1].Text}.") : Call());
        await using var host = await WorkflowHost.StartAsync(model);
        var run = await host.RunAsync(new Drawn().Node("ask", "ask").Path("start > ask"), """{"text":"2+3?"}""");

        var state = await host.SettleAsync(run);

        state.Status.ShouldBe("completed", state.Error?.Message);
        var steps = (await host.EventsAsync(run)).Where(e => e.StepId?.StartsWith("ask/", StringComparison.Ordinal) == true).ToList();
        steps.Select(e => e.StepId).Distinct().ShouldBe(["ask/model[1]", "ask/tool[1.1]", "ask/model[2]"]);
        steps.Count(e => e.Data is ModelCompleted).ShouldBe(2);
        (await host.EventsAsync(run)).Count(e => e.Data is RunCompleted).ShouldBe(1);
        steps.Select(e => e.Data).OfType<ToolRequested>().Single().IdempotencyKey.ShouldBe($"{run.RunId}/ask/tool[1.1]");
    }

    private const string Structured =
        """{"agent": "agent", "message": "Which team? {{data.text}}", "output": "structured", "schema": {"type": "object", "properties": {"team": {"type": "string", "enum": ["a", "b"]}}, "required": ["team"]}}""";

    [Fact]
    public async Task StructuredAnswer_ThatDoesNotFit_IsSentBackOnceWithWhatIsWrongAndCountsAsUsed()
    {
        var model = new ScriptedModel((prompt, _) => Say(prompt.Count(m => m.Role == ChatRole.User) == 1 ? """{"team": "z"}""" : """{"team": "b"}""", tokens: 10));
        await using var host = await WorkflowHost.StartAsync(model);
        var run = await host.RunAsync(new Drawn().Node("ask", "agent", Structured).Path("start > ask"), """{"text":"x"}""");

        var state = await host.SettleAsync(run);

        state.Status.ShouldBe("completed", state.Error?.Message);
        state.Output!.Value.GetProperty("team").GetString().ShouldBe("b");
        model.Prompts.Count.ShouldBe(2);
        var second = model.Prompts.Last().Where(m => m.Role != ChatRole.System).ToList();
        second.Select(m => m.Role).ShouldBe([ChatRole.User, ChatRole.Assistant, ChatRole.User]);
        second[1].Text.ShouldBe("""{"team": "z"}""");
        second[2].Text.ShouldContain("team must be one of a, b");
        var events = await host.EventsAsync(run);
        events.Where(e => e.Data is ModelCompleted).Select(e => e.StepId).ShouldBe(["ask/model[1]", "ask/model[2]"]);
        events.Select(e => e.Data).OfType<NodeCompleted>().Single(e => e.Node == "ask").Summary!.ShouldContain("40 tokens");
        events.Select(e => e.Data).OfType<RunCompleted>().Single().Usage.OutputTokens.ShouldBe(20);
    }

    [Fact]
    public async Task StructuredAnswer_ThatNeverFits_GoesOutThroughTheErrorPort()
    {
        var model = new ScriptedModel((_, _) => Say("no JSON at all"));
        await using var host = await WorkflowHost.StartAsync(model);
        var drawn = new Drawn().Node("ask", "agent", Structured, n => n with { OnError = OnNodeError.Port, Retry = new NodeRetry(3, 0.01, 0.01) }).Node("late").Path("start > ask:error > late");
        var run = await host.RunAsync(drawn, """{"text":"x"}""");

        var state = await host.SettleAsync(run);

        state.Status.ShouldBe("completed", state.Error?.Message);
        model.Prompts.Count.ShouldBe(2);
        var error = state.Output!.Value.GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("answer_invalid");
        error.GetProperty("message").GetString()!.ShouldContain("twice: it is not one JSON value");
    }

    [Fact]
    public async Task StructuredAnswer_WhoseSecondCallBrokeOff_IsAskedForOnceMoreOnly()
    {
        var calls = 0;
        var model = new ScriptedModel((_, _) => Interlocked.Increment(ref calls) switch
        {
            1 => Say("no"),
            2 => throw new ModelException(ModelErrorCodes.RateLimited, "Too many calls.") { IsTransient = true },
            _ => Say("""{"team": "a"}"""),
        });
        await using var host = await WorkflowHost.StartAsync(model);
        var drawn = new Drawn().Node("ask", "agent", Structured, n => n with { Retry = new NodeRetry(3, 0.01, 0.01) }).Path("start > ask");

        var state = await host.RunToEndAsync(drawn, """{"text":"x"}""");

        state.Status.ShouldBe("completed", state.Error?.Message);
        // The node's second attempt takes up the first answer from the log and what was said to it.
        model.Prompts.Last().Count(m => m.Role == ChatRole.User).ShouldBe(2);
        calls.ShouldBe(3);
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Say(string text, int tokens = 0)
    {
        await Task.Yield();
        yield return new ChatResponseUpdate(ChatRole.Assistant, text);
        if (tokens > 0)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails { InputTokenCount = tokens, OutputTokenCount = tokens })]);
        }
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Call()
    {
        await Task.Yield();
        var call = new FunctionCallContent("c1", "calculator", new Dictionary<string, object?> { ["expression"] = "2+3" });
        yield return new ChatResponseUpdate(ChatRole.Assistant, [call]);
    }
}

/// <summary>ask: hands what came in to the agent.</summary>
internal sealed class AskKind(IAgentTurn turns) : INodeKind
{
    public NodeDescription Description { get; } = Kinds.Describe("ask", NodeEffect.Read, NodePort.Out);

    public async ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken) =>
        await turns.RunAsync(new AgentTurn(call.Data.GetProperty("text").GetString()!, call) { Agent = "agent" }, cancellationToken) switch
        {
            AgentTurnResult.Answered answer => NodeResult.Of(JsonSerializer.SerializeToElement(answer.Text)),
            AgentTurnResult.Failed failed => new NodeResult.Failed(failed.Code, failed.Message, failed.CanRetry),
            AgentTurnResult.OutcomeUnknown unknown => new NodeResult.OutcomeUnknown(unknown.Tool, unknown.Question, unknown.CallId),
            var other => throw new InvalidOperationException(other.ToString()),
        };
}

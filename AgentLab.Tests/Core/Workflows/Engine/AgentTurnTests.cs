using System.Text.Json;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions.Events;
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

    private static async IAsyncEnumerable<ChatResponseUpdate> Say(string text)
    {
        await Task.Yield();
        yield return new ChatResponseUpdate(ChatRole.Assistant, text);
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

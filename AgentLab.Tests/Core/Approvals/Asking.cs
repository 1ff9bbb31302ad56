using System.Collections.Concurrent;
using AgentLab.Core.Agents;
using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using AgentLab.Tests.Core.Agents;
using AgentLab.Tests.Fakes;
using Microsoft.Extensions.AI;
using static AgentLab.Tests.Fakes.ScriptedModel;

namespace AgentLab.Tests.Core.Approvals;

/// <summary>An agent that pays, which cannot be taken back, and so asks first.</summary>
internal sealed class Asking
{
    /// <summary>What was paid, in the order of the calls.</summary>
    public ConcurrentQueue<int> Paid { get; } = new();

    /// <summary>Pays an amount; whether a repeat is safe is the test's to say.</summary>
    public Tool Pay(bool repeatSafe = false) => new(
        AIFunctionFactory.Create((int amount) => { Paid.Enqueue(amount); return $"paid {amount}"; }, "pay", "Pays an amount."), "Payment", ToolEffect.External) { RepeatSafe = repeatSafe };

    public static AgentDefinition Agent(ApprovalPolicy? policy = null) => new() { Name = "Agent", Approvals = policy ?? new ApprovalPolicy() };

    /// <summary>Asks for one payment after each message of a person, and then says what came of it.</summary>
    public static ScriptedModel PayOnce() => new((prompt, _) => prompt[^1].Role == ChatRole.Tool
        ? Stream(Words($"Told: {prompt[^1].Contents.OfType<FunctionResultContent>().Single().Result}"))
        : Stream(Call($"c{prompt.Count}", "pay", ("amount", 7))));

    public static async Task<(SessionId Session, ApprovalRequested Asked)> AskedAsync(RunHost host)
    {
        var id = await host.AskAsync();
        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Waiting);
        return (id, (await host.EventsAsync(id)).Select(e => e.Data).OfType<ApprovalRequested>().Single());
    }
}

using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using AgentLab.Tests.Api;
using AgentLab.Tests.Core.Agents.Leases;
using AgentLab.Tests.Fakes;
using Microsoft.Extensions.AI;
using static AgentLab.Tests.Fakes.ScriptedModel;

namespace AgentLab.Tests.Core.Approvals;

/// <summary>Answers to an agent's question that come in at several nodes, on a real PostgreSQL.</summary>
public sealed class ApprovalNodesTests
{
    [Fact]
    public async Task Answers_ThatRaceAtTwoNodes_OneCountsAndTheCallIsMadeOnce()
    {
        var asking = new Asking();
        await using var nodes = await NodesHost.StartAsync(Asking.PayOnce(), asking.Pay());
        var (a, b) = (await nodes.AddAsync("a"), await nodes.AddAsync("b"));
        var (session, run) = await a.AskAsync();
        var asked = await QuestionAsync(b, session);
        await a.Get<IRunSupervisor>().WhenIdleAsync(run, default);

        var answers = await Task.WhenAll(new[] { a, b, b, a, b }.Select(node => node.Approvals.DecideAsync(
            new ApprovalAnswer(asked.ApprovalId, true, asked.Hash), NodesHost.Alice, CancellationToken.None)));

        answers.Count(answer => answer.Ok).ShouldBe(1);
        answers.Where(answer => !answer.Ok).Select(answer => answer.Error!.Code).Distinct().ShouldBe(["approval_decided"]);
        await b.EndedAsync(session, SessionStatus.Completed);
        asking.Paid.ShouldBe([7]);
        (await b.EventsAsync(session)).Count(e => e.Data is ApprovalDecided).ShouldBe(1);
    }

    [Fact]
    public async Task Answer_AtAnotherNode_ReachesARunThatGoesOn()
    {
        var asking = new Asking();
        var gate = new TaskCompletionSource();
        var slow = new Tool(AIFunctionFactory.Create(async () => { await gate.Task; return "slow"; }, "slow", "Takes its time."), "Slow", ToolEffect.Read);
        var model = new ScriptedModel((prompt, _) => prompt[^1].Role == ChatRole.Tool
            ? Stream(Words("Done.")) : Stream(Call("a", "slow"), Call("b", "pay", ("amount", 1))));
        await using var nodes = await NodesHost.StartAsync(model, asking.Pay(), slow);
        var (a, b) = (await nodes.AddAsync("a"), await nodes.AddAsync("b"));
        var (session, _) = await a.AskAsync();
        var asked = await QuestionAsync(b, session);

        var answer = await b.Approvals.DecideAsync(new ApprovalAnswer(asked.ApprovalId, true, asked.Hash), NodesHost.Alice, CancellationToken.None);
        gate.SetResult();

        answer.Ok.ShouldBeTrue(answer.Error?.Message);
        await b.EndedAsync(session, SessionStatus.Completed);
        asking.Paid.ShouldBe([1]);
        (await b.EventsAsync(session)).ShouldNotContain(e => e.Data is RunPaused);
    }

    private static async Task<ApprovalRequested> QuestionAsync(LabNode node, SessionId session)
    {
        ApprovalRequested? asked = null;
        await Eventually.TrueAsync(async () => (asked = (await node.EventsAsync(session)).Select(e => e.Data).OfType<ApprovalRequested>().FirstOrDefault()) is not null);
        return asked!;
    }
}

using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Tests.Core.Agents;

namespace AgentLab.Tests.Core.Approvals;

/// <summary>A process that ends between a decision and the recorded end of the call, wherever: the log alone says how the next one goes on.</summary>
public sealed class ApprovalResumeTests
{
    [Fact]
    public async Task Cut_AnywhereBehindTheDecision_TheEffectHappensOnce()
    {
        var asking = new Asking();
        await using var host = await RunHost.StartAsync(Asking.PayOnce(), [asking.Pay()], Asking.Agent());
        var events = await DecidedAsync(host);
        var decided = events.FindIndex(e => e.Data is ApprovalDecided);

        for (var length = decided + 1; length < events.Count; length++)
        {
            asking.Paid.Clear();
            var prefix = events.Take(length).ToList();
            var (id, run) = await ResumeTests.CopyAsync(host, prefix);
            host.Supervisor.Start(id, new RunFence(run, 2));
            var session = await host.SettleAsync(id);

            var last = prefix[^1].Data;
            var begun = prefix.Any(e => e.Data is ToolRequested);
            var ended = prefix.Any(e => e.Data is ToolCompleted);
            asking.Paid.Count.ShouldBe(begun ? 0 : 1, $"cut after {last!.GetType().Name}");
            session.Status.ShouldBe(begun && !ended ? SessionStatus.Waiting : SessionStatus.Completed, $"cut after {last.GetType().Name}");
        }
    }

    [Fact]
    public async Task Cut_BehindTheRequestOfACallThatMayBeRepeated_RepeatsItWithTheApprovedArguments()
    {
        var asking = new Asking();
        var policy = new ApprovalPolicy { Ask = AskWhen.Effects };
        await using var host = await RunHost.StartAsync(Asking.PayOnce(), [asking.Pay(repeatSafe: true)], Asking.Agent(policy));
        var events = await DecidedAsync(host, System.Text.Json.JsonElement.Parse("""{"amount":5}"""));
        asking.Paid.Clear();

        var (id, run) = await ResumeTests.CopyAsync(host, [.. events.Take(events.FindIndex(e => e.Data is ToolRequested) + 1)]);
        host.Supervisor.Start(id, new RunFence(run, 2));

        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Completed);
        asking.Paid.ShouldBe([5]);
        (await host.AnswerAsync(id)).ShouldContain("A person changed the arguments");
    }

    private static async Task<List<SessionEvent>> DecidedAsync(RunHost host, System.Text.Json.JsonElement? edited = null)
    {
        var (id, asked) = await Asking.AskedAsync(host);
        (await host.Approvals.DecideAsync(new ApprovalAnswer(asked.ApprovalId, true, asked.Hash, edited), RunHost.Alice, default)).Ok.ShouldBeTrue();
        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Completed);
        return [.. await host.EventsAsync(id)];
    }
}

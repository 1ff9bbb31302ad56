using System.Runtime.CompilerServices;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Hosting.Hints;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Data.Projects;
using AgentLab.Tests.Core.Agents;
using AgentLab.Tests.Fakes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentLab.Tests.Faults.Kills;

public sealed class TakeUpTests
{
    /// <summary>A run is committed by a node whose lease ends just then: it is started by its request and taken by whoever sees that nobody holds it, at the same time.</summary>
    [Fact]
    public async Task TakeUp_OfARunThatItsRequestStartsMeanwhile_GoesOn()
    {
        var calls = 0;
        var asked = new TaskCompletionSource();
        await using var host = await RunHost.StartAsync(new ScriptedModel((_, token) => SpeakAsync(token)));
        host.Services.GetRequiredService<NodeIdentity>().Rename();
        var (id, run) = await CommitRequestAsync(host);
        using var sweeper = Sweeper(host, new LateRequestLog(host.Log, async () =>
        {
            host.Supervisor.Start(id, new RunFence(run, 1));
            await asked.Task;
        }));

        (await sweeper.SweepAsync(default)).ShouldBe(1);
        var session = await host.SettleAsync(id);

        session.Status.ShouldBe(SessionStatus.Completed);
        (await host.AnswerAsync(id)).ShouldBe("Here.");
        (await host.EventsAsync(id)).Count(e => e.Data is RunCompleted or RunFailed or RunCancelled).ShouldBe(1);

        async IAsyncEnumerable<ChatResponseUpdate> SpeakAsync([EnumeratorCancellation] CancellationToken token)
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                asked.TrySetResult();
                await Task.Delay(Timeout.Infinite, token);
            }

            yield return ScriptedModel.Words("Here.");
        }
    }

    private static async Task<(SessionId Id, RunId Run)> CommitRequestAsync(RunHost host)
    {
        var (id, run, owner) = (SessionId.New(), RunId.New(), RunHost.Alice.UserId);
        var agent = (await host.Agents.FindAsync("agent", RunHost.Alice, default))!;
        NewEvent[] events =
        [
            new(new SessionCreated("A title", agent.Id, agent.Version, agent.Name, owner, Project.DefaultId)),
            new(new MessageUser("Go.")),
            new(new RunStarted("message", agent.Id, agent.Version, new RunLimits()), run),
        ];
        (await host.Log.AppendAsync(new SessionAppend(id, events) { Create = new NewSession(owner, Project.DefaultId) }, default)).Landed.ShouldBeTrue();
        return (id, run);
    }

    private static RunSweeper Sweeper(RunHost host, ISessionLog log)
    {
        var services = host.Services;
        return new RunSweeper(
            services.GetRequiredService<IRunDirectory>(), services.GetRequiredService<INodeRegistry>(), services.GetRequiredService<NodeLease>(), host.Supervisor, log,
            services.GetRequiredService<NodeIdentity>(), new NoHints(), TimeProvider.System, NullLogger<RunSweeper>.Instance);
    }

    /// <summary>A log before whose first append something else comes.</summary>
    private sealed class LateRequestLog(ISessionLog inner, Func<Task> before) : ISessionLog
    {
        private int _appends;

        public async ValueTask<AppendOutcome> AppendAsync(SessionAppend append, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _appends) == 1)
            {
                await before();
            }

            return await inner.AppendAsync(append, cancellationToken);
        }
    }
}

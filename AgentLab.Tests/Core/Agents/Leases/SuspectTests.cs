using System.Runtime.CompilerServices;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Data.Sessions;
using AgentLab.Tests.Api;
using AgentLab.Tests.Fakes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Agents.Leases;

/// <summary>Runs that were taken up again and again at the same step: which of them are tried, which are set aside, and which are cleared.</summary>
public sealed class SuspectTests : IDisposable
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _asked = new(0);
    private int _calls;

    public void Dispose() => _asked.Dispose();

    [Fact]
    public async Task Sweep_SuspectsAmongOthers_TriesOneAtATime()
    {
        await using var host = await RunHost.StartAsync(Hangs(calls => calls > 1));
        var prefix = await PrefixAsync(host);
        host.Services.GetRequiredService<NodeIdentity>().Rename();
        var fresh = await LeftAsync(host, prefix, 1);
        var suspects = new[] { await LeftAsync(host, prefix, 2), await LeftAsync(host, prefix, 2), await LeftAsync(host, prefix, 4) };
        var guilty = await LeftAsync(host, prefix, 5);
        var sweeper = host.Services.GetRequiredService<RunSweeper>();

        (await sweeper.SweepAsync(default)).ShouldBe(3, "the fresh one, the one to set aside, and one suspect");
        (await sweeper.SweepAsync(default)).ShouldBe(0);
        _gate.SetResult();
        foreach (var _ in suspects.Skip(1))
        {
            await Eventually.TrueAsync(async () => await sweeper.SweepAsync(default) == 1);
        }

        foreach (var id in suspects.Append(fresh))
        {
            (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Completed);
        }

        (await host.SettleAsync(guilty)).Status.ShouldBe(SessionStatus.Failed);
        var failed = (await host.EventsAsync(guilty)).Select(e => e.Data).OfType<RunFailed>().ShouldHaveSingleItem();
        failed.Code.ShouldBe(RunReasons.SetAside);
        failed.Message.ShouldStartWith("The program ended 5 times");
    }

    [Fact]
    public async Task Sweep_ASuspectThatBeganAStep_TriesTheNext()
    {
        await using var host = await RunHost.StartAsync(Hangs(calls => calls > 1));
        var prefix = await PrefixAsync(host);
        host.Services.GetRequiredService<NodeIdentity>().Rename();
        var asked = prefix.TakeWhile(e => e.Data is not StepStarted).ToList();
        await LeftAsync(host, asked, 2);
        await LeftAsync(host, asked, 3);
        var sweeper = host.Services.GetRequiredService<RunSweeper>();

        (await sweeper.SweepAsync(default)).ShouldBe(1);
        await Eventually.TrueAsync(async () => await sweeper.SweepAsync(default) == 1);
        _gate.SetResult();
    }

    [Fact]
    public async Task Sweep_WithAStopAskedFor_EndsTheRunAsAsked()
    {
        await using var host = await RunHost.StartAsync(Hangs(_ => false));
        var prefix = await PrefixAsync(host);
        host.Services.GetRequiredService<NodeIdentity>().Rename();
        var id = await LeftAsync(host, prefix, 7, new RunStopRequested(RunHost.Alice.UserId));
        var calls = _calls;

        (await host.Services.GetRequiredService<RunSweeper>().SweepAsync(default)).ShouldBe(1);

        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Cancelled);
        _calls.ShouldBe(calls);
    }

    [Fact]
    public async Task Sweeper_BeforeTheProgramHasStarted_TakesNothing()
    {
        await using var host = await RunHost.StartAsync(Hangs(calls => calls > 1));
        var prefix = await PrefixAsync(host);
        host.Services.GetRequiredService<NodeIdentity>().Rename();
        var run = (await host.Reader.FindAsync(await LeftAsync(host, prefix, 0), default))!.ActiveRunId!.Value;
        using var sweeper = ActivatorUtilities.CreateInstance<RunSweeper>(host.Services);

        await sweeper.StartAsync(default);
        (await RecoveriesAsync(host, run)).ShouldBe(0);
        await sweeper.StartedAsync(default);

        await Eventually.TrueAsync(async () => await RecoveriesAsync(host, run) == 1);
        await sweeper.StopAsync(default);
        _gate.SetResult();
    }

    [Fact]
    public async Task Stops_OfTheProgramSixTimesInAStep_SetNothingAside()
    {
        await using var host = await RunHost.StartAsync(Hangs(calls => calls <= 6));
        var id = await host.AskAsync();
        for (var stop = 0; stop < 6; stop++)
        {
            await _asked.WaitAsync();
            await host.RestartAsync();
        }

        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Completed);
        (await host.EventsAsync(id)).Count(e => e.Data is RunResumed).ShouldBe(6);
    }

    [Fact]
    public async Task Start_ToSetAsideARunThatGoesOnHere_SetsItAside()
    {
        await using var host = await RunHost.StartAsync(Hangs(_ => true));
        var (id, run) = await AskAndHangAsync(host);
        await TakeAsync(host, id, run, host.Services.GetRequiredService<NodeIdentity>().Id);

        ((IRunSupervisor)host.Supervisor).Start(id, new RunFence(run, 2), new SetAsideLoop(5));

        (await host.SettleAsync(id)).Status.ShouldBe(SessionStatus.Failed);
        (await host.EventsAsync(id)).Select(e => e.Data).OfType<RunFailed>().ShouldHaveSingleItem().Code.ShouldBe(RunReasons.SetAside);
    }

    [Fact]
    public async Task Recoveries_OfARunThatItsProcessOutlived_AreCleared()
    {
        await using var host = await RunHost.StartAsync(Hangs(_ => true));
        var (id, run) = await AskAndHangAsync(host);
        await TakeAsync(host, id, run, "elsewhere");
        (await RecoveriesAsync(host, run)).ShouldBe(1);

        _gate.SetResult();

        await Eventually.TrueAsync(async () => await RecoveriesAsync(host, run) == 0);
    }

    [Fact]
    public async Task Recoveries_OfARunThatWaits_AreCleared()
    {
        await using var host = await RunHost.StartAsync(Hangs(_ => true));
        var (id, run) = await AskAndHangAsync(host);
        await TakeAsync(host, id, run, "elsewhere");

        await AppendAsync(host, id, run, 2, new RunPaused(RunReasons.Waiting, "It waits."));

        (await RecoveriesAsync(host, run)).ShouldBe(0);
        _gate.SetResult();
    }

    private static async Task<int> RecoveriesAsync(RunHost host, RunId run) =>
        (await host.Services.GetRequiredService<IRunDirectory>().FindAsync(run, default))!.Recoveries;

    private static Task TakeAsync(RunHost host, SessionId id, RunId run, string node) => AppendAsync(host, id, run, 1, new RunResumed(RunReasons.Recovered, node, 2));

    private static async Task AppendAsync(RunHost host, SessionId id, RunId run, long fence, EventData data) =>
        (await host.Log.AppendAsync(new SessionAppend(id, [new NewEvent(data, run)]) { Fence = new RunFence(run, fence) }, default)).Landed.ShouldBeTrue();

    private async Task<(SessionId Id, RunId Run)> AskAndHangAsync(RunHost host)
    {
        var id = await host.AskAsync();
        await _asked.WaitAsync();
        return (id, (await host.Reader.FindAsync(id, default))!.ActiveRunId!.Value);
    }

    /// <summary>The events of a run up to where its model was being asked.</summary>
    private static async Task<IReadOnlyList<SessionEvent>> PrefixAsync(RunHost host)
    {
        var whole = await host.AskAsync();
        await host.SettleAsync(whole);
        return [.. (await host.EventsAsync(whole)).TakeWhile(e => e.Data is not ModelCompleted)];
    }

    /// <summary>A run that nobody holds and that was taken up so often.</summary>
    private static async Task<SessionId> LeftAsync(RunHost host, IReadOnlyList<SessionEvent> prefix, int recoveries, EventData? last = null)
    {
        var (id, run) = await ResumeTests.CopyAsync(host, prefix);
        if (last is not null)
        {
            await AppendAsync(host, id, run, 1, last);
        }

        await host.Database.WriteAsync(
            (context, token) => context.Set<RunRow>().Where(r => r.Id == run.Value).ExecuteUpdateAsync(set => set.SetProperty(r => r.Recoveries, recoveries), token),
            CancellationToken.None);
        return id;
    }

    /// <summary>A model that answers at once, save for these calls: they wait for the gate.</summary>
    private ScriptedModel Hangs(Func<int, bool> which)
    {
        return new ScriptedModel((_, token) => SpeakAsync(token));

        async IAsyncEnumerable<ChatResponseUpdate> SpeakAsync([EnumeratorCancellation] CancellationToken token)
        {
            if (which(Interlocked.Increment(ref _calls)))
            {
                _asked.Release();
                await _gate.Task.WaitAsync(token);
            }

            yield return ScriptedModel.Words("Here.");
        }
    }
}

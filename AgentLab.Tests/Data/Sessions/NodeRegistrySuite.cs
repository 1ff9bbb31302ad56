using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Data.Sessions;
using AgentLab.Tests.Data.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Data.Sessions;

public abstract class NodeRegistrySuite<TFixture> : IAsyncLifetime
    where TFixture : DatabaseFixture, new()
{
    protected TFixture Lab { get; } = new();

    private protected INodeRegistry Registry => Lab.Services.GetRequiredService<INodeRegistry>();

    public Task InitializeAsync() => Lab.InitializeAsync();

    public Task DisposeAsync() => Lab.DisposeAsync();

    [Fact]
    public async Task Register_ANode_IsListedWithALeaseAhead()
    {
        await Registry.RegisterAsync("a/1", default);

        var entry = (await Registry.ListAsync(default)).ShouldHaveSingleItem();
        entry.Id.ShouldBe("a/1");
        entry.Name.ShouldBe(Environment.MachineName);
        entry.LeaseUntil.ShouldBeGreaterThan(entry.StartedAt);
    }

    [Fact]
    public async Task RemoveExpired_LeasesThatHold_StrikesOutNobody()
    {
        await Registry.RegisterAsync("a/1", default);

        (await Registry.RemoveExpiredAsync(default)).ShouldBe(0);

        (await Registry.RenewAsync("a/1", default)).ShouldBeTrue();
    }

    [Fact]
    public async Task Free_RunsOfNodesThatAreNotEntered_AreListedAndNoOthers()
    {
        var log = await LogHost.StartAsync(Lab);
        var directory = Lab.Services.GetRequiredService<AgentLab.Core.Agents.Runs.IRunDirectory>();
        var identity = Lab.Services.GetRequiredService<NodeIdentity>();
        var (held, free) = (RunId.New(), RunId.New());
        await Registry.RegisterAsync(identity.Id, default);
        await log.AppendAsync(await log.CreateAsync(), LogHost.Started(held));
        var heldBy = identity.Id;
        identity.Rename();
        await log.AppendAsync(await log.CreateAsync(), LogHost.Started(free));

        var found = (await directory.FreeAsync(10, default)).ShouldHaveSingleItem();

        (found.Run, found.Node, found.Fence).ShouldBe((free, identity.Id, 1L));
        (await directory.FindAsync(held, default))!.Node.ShouldBe(heldBy);
        (await directory.FreeAsync(10, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Free_RunsThatWereTakenUpOften_ComeLastUntilTheyAreCleared()
    {
        var log = await LogHost.StartAsync(Lab);
        var directory = Lab.Services.GetRequiredService<AgentLab.Core.Agents.Runs.IRunDirectory>();
        var node = Lab.Services.GetRequiredService<NodeIdentity>().Id;
        var (first, second, session) = (RunId.New(), RunId.New(), await log.CreateAsync());
        await log.AppendAsync(session, LogHost.Started(first));
        await log.AppendAsync(await log.CreateAsync(), LogHost.Started(second));
        var taken = new SessionAppend(session, [new NewEvent(new RunResumed(RunReasons.Recovered, node, 2), first)]) { Fence = new RunFence(first, 1) };
        (await log.AppendAsync(taken)).Landed.ShouldBeTrue();

        (await directory.FreeAsync(10, default)).Select(run => (run.Run, run.Recoveries)).ShouldBe([(second, 0), (first, 1)]);
        await directory.ClearRecoveriesAsync("elsewhere", default);
        await directory.ClearRecoveriesAsync(second, default);
        (await directory.FindAsync(first, default))!.Recoveries.ShouldBe(1);
        await directory.ClearRecoveriesAsync(node, default);

        (await directory.FreeAsync(10, default)).Select(run => (run.Run, run.Recoveries)).ShouldBe([(first, 0), (second, 0)]);
    }

    protected Task ExpireAsync(string id) => Lab.Database.WriteAsync(
        (context, token) => context.Set<NodeRow>().Where(n => n.Id == id).ExecuteUpdateAsync(set => set.SetProperty(n => n.LeaseUntil, 1), token), CancellationToken.None);
}

/// <summary>What holds where several processes serve a database.</summary>
public abstract class SharedNodeRegistrySuite<TFixture> : NodeRegistrySuite<TFixture>
    where TFixture : DatabaseFixture, new()
{
    [Fact]
    public async Task Renew_StruckOut_IsRefusedForGood()
    {
        await Registry.RegisterAsync("a/1", default);
        await Registry.RegisterAsync("b/1", default);
        await ExpireAsync("a/1");

        (await Registry.RemoveExpiredAsync(default)).ShouldBe(1);

        (await Registry.RenewAsync("a/1", default)).ShouldBeFalse();
        (await Registry.ListAsync(default)).ShouldHaveSingleItem().Id.ShouldBe("b/1");
    }

    [Fact]
    public async Task Renew_LateAndNotStruckOut_HoldsAgain()
    {
        await Registry.RegisterAsync("a/1", default);
        await ExpireAsync("a/1");

        (await Registry.RenewAsync("a/1", default)).ShouldBeTrue();

        (await Registry.RemoveExpiredAsync(default)).ShouldBe(0);
    }

    [Fact]
    public async Task Remove_ALease_IsGivenUpAtOnce()
    {
        await Registry.RegisterAsync("a/1", default);

        await Registry.RemoveAsync("a/1", default);

        (await Registry.RenewAsync("a/1", default)).ShouldBeFalse();
    }

    [Fact]
    public async Task Lease_ByANodeWhoseClockIsWrong_IsTheDatabases()
    {
        await Registry.RegisterAsync("a/1", default);
        var first = (await Registry.ListAsync(default))[0].LeaseUntil;

        await Registry.RenewAsync("a/1", default);

        (await Registry.ListAsync(default))[0].LeaseUntil.ShouldBeGreaterThan(first);
        Registry.Shared.ShouldBeTrue();
    }
}

public sealed class SqliteNodeRegistryTests : NodeRegistrySuite<SqliteFixture>
{
    [Fact]
    public async Task Register_AgainAfterARestart_StrikesOutTheForerunner()
    {
        await Registry.RegisterAsync("a/1", default);

        await Registry.RegisterAsync("a/2", default);

        (await Registry.ListAsync(default)).ShouldHaveSingleItem().Id.ShouldBe("a/2");
        Registry.Shared.ShouldBeFalse();
    }
}

public sealed class PostgreSqlNodeRegistryTests : SharedNodeRegistrySuite<PostgreSqlFixture>;

[NeedsSqlServer]
public sealed class SqlServerNodeRegistryTests : SharedNodeRegistrySuite<SqlServerFixture>;

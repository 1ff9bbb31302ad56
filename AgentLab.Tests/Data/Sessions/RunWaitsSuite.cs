using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Tests.Data.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Data.Sessions;

/// <summary>What every store keeps of what runs wait for.</summary>
public abstract class RunWaitsSuite<TFixture>(TFixture fixture) : IAsyncLifetime
    where TFixture : DatabaseFixture
{
    private static readonly DateTimeOffset Due = new(2031, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly RunId _run = RunId.New();
    private readonly Guid _owner = Guid.NewGuid();
    private LogHost _log = null!;
    private SessionId _session;

    private IRunWaits Waits => fixture.Services.GetRequiredService<IRunWaits>();

    public async Task InitializeAsync()
    {
        _log = await LogHost.StartAsync(fixture);
        _session = await _log.CreateAsync(_owner);
        await _log.AppendAsync(_session, LogHost.Started(_run));
    }

    public async Task DisposeAsync() => await _log.DisposeAsync();

    [Fact]
    public async Task Wait_IsFoundByItsKeyUntilItEnds()
    {
        var hash = Guid.NewGuid().ToString("N");
        await AppendAsync("a", new NodeStarted("a", "wait"), new NodeWaiting("a", "webhook", Due, hash));

        var wait = (await Waits.FindByKeyAsync(hash, default))!;
        (wait.SessionId, wait.RunId, wait.StepId, wait.Kind, wait.DueAt, wait.OwnerId, wait.Open).ShouldBe((_session, _run, "a", "webhook", Due, _owner, true));
        (await Waits.DueAsync(Due, 100, default)).ShouldContain(w => w.RunId == _run);
        (await Waits.DueAsync(Due.AddSeconds(-1), 100, default)).ShouldNotContain(w => w.RunId == _run);

        await AppendAsync("a", new NodeResumed("delivered"));

        (await Waits.FindByKeyAsync(hash, default)).ShouldBeNull();
        (await Waits.OfRunAsync(_run, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Question_StaysAsAnsweredOne()
    {
        var approval = Guid.NewGuid();
        await AppendAsync("a", new NodeWaiting("a", "approval", Due, null, approval), new ApprovalRequested(approval, "approval", "Ship it?", "", null, "h", null, Due));
        (await Waits.OfRunAsync(_run, default)).ShouldHaveSingleItem().Title.ShouldBe("Ship it?");

        await AppendAsync("a", new ApprovalDecided(approval, "approved", "h", _owner));

        (await Waits.FindByApprovalAsync(approval, default))!.Open.ShouldBeFalse();
        (await Waits.OfRunAsync(_run, default)).ShouldBeEmpty();
        (await Waits.DueAsync(Due.AddYears(1), 100, default)).ShouldNotContain(w => w.RunId == _run);
    }

    [Fact]
    public async Task LongPause_IsAWaitUntilTheNextAttempt()
    {
        await AppendAsync("a", new NodeFailed("a", "away", "", 1, RetryMs: RunWait.LongPauseMs));
        (await Waits.OfRunAsync(_run, default)).ShouldHaveSingleItem().Kind.ShouldBe(RunWait.Retry);

        await _log.AppendAsync(_session, new NewEvent(new NodeStarted("a", "work"), _run, "a", 2));

        (await Waits.OfRunAsync(_run, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task EndOfTheRun_EndsItsWaits()
    {
        await AppendAsync("a", new NodeWaiting("a", "timer", Due));
        await AppendAsync("b", new NodeWaiting("b", "approval", null, null, Guid.NewGuid()));

        await _log.AppendAsync(_session, new NewEvent(new RunCancelled("stop_requested", UsageTotals.Zero, 1), _run));

        (await Waits.OfRunAsync(_run, default)).ShouldBeEmpty();
    }

    private Task AppendAsync(string step, params EventData[] events) => _log.AppendAsync(_session, [.. events.Select(e => new NewEvent(e, _run, step, 1))]);
}

public sealed class SqliteRunWaitsTests(SqliteFixture fixture) : RunWaitsSuite<SqliteFixture>(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgreSqlRunWaitsTests(PostgreSqlFixture fixture) : RunWaitsSuite<PostgreSqlFixture>(fixture), IClassFixture<PostgreSqlFixture>;

[NeedsSqlServer]
public sealed class SqlServerRunWaitsTests(SqlServerFixture fixture) : RunWaitsSuite<SqlServerFixture>(fixture), IClassFixture<SqlServerFixture>;

using AgentLab.Core.Dashboard;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Data.Dashboard;
using AgentLab.Data.Databases;
using AgentLab.Data.Projects;
using AgentLab.Data.Sessions;
using AgentLab.Tests.Data.Databases;
using AgentLab.Tests.Data.Sessions;
using AgentLab.Tests.Fakes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Data.Dashboard;

/// <summary>What the dashboard says of runs, whether their hours are added up or not.</summary>
public abstract class DashboardSuite<TFixture> : IAsyncLifetime
    where TFixture : DatabaseFixture, new()
{
    private static readonly Guid Agent = Guid.NewGuid();
    private static readonly Guid Workflow = Guid.NewGuid();
    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 3, 10, 15, 30, 0, TimeSpan.Zero));
    private readonly Guid _owner = Guid.NewGuid();
    private long _session;
    private long _key = 1_000_000;

    protected TFixture Lab { get; } = new();

    private DashboardReader Reader => new(Lab.Database, _clock);

    private RunHours Hours => new(Lab.Database, _clock);

    public async Task InitializeAsync()
    {
        await Lab.InitializeAsync();
        var log = await LogHost.StartAsync(Lab);
        var id = await log.CreateAsync();
        _session = await Lab.Database.ReadAsync(
            (context, token) => context.Set<SessionRow>().Where(s => s.Id == id.Value).Select(s => s.Key).SingleAsync(token), default);
    }

    public Task DisposeAsync() => Lab.DisposeAsync();

    [Fact]
    public async Task Read_NoRuns_IsAllZeroAndHasEveryBucket()
    {
        var figures = await ReadAsync(DashboardPeriod.Month);

        figures.Ended.ShouldBe(RunFigures.None);
        figures.Buckets.Count.ShouldBe(30);
        figures.Buckets[^1].At.ShouldBe(new DateTimeOffset(2026, 3, 10, 0, 0, 0, TimeSpan.Zero));
        figures.Latency.ShouldBe(new LatencyFigures(0, true, null, null));
        figures.Workers.ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_RunsOfThePeriod_AreCountedByStateBucketWorkerAndProject()
    {
        await AddAsync(
            Ended(RunStatus.Completed, "2026-03-10T02:10:00Z", seconds: 10, cost: 0.25m),
            Ended(RunStatus.Failed, "2026-03-10T02:59:59Z"),
            Ended(RunStatus.Cancelled, "2026-03-09T23:59:59Z"),
            Ended(RunStatus.Completed, "2026-03-10T15:00:00Z", seconds: 20, workflow: true),
            Ended(RunStatus.Completed, "2026-03-03T23:59:59Z"),
            Open(RunStatus.Running), Open(RunStatus.Waiting), Open(RunStatus.Waiting));

        var today = await ReadAsync(DashboardPeriod.Today);
        var week = await ReadAsync(DashboardPeriod.Week);

        (today.Running, today.Waiting).ShouldBe((1, 2));
        today.Ended.ShouldBe(new RunFigures(2, 1, 0, 30, 60, 0.25m));
        today.Buckets[2].Runs.Ended.ShouldBe(2);
        today.Buckets[15].Runs.Completed.ShouldBe(1);
        today.Latency.Duration.ShouldBe(new Percentiles(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)));
        today.Latency.FirstWord.ShouldBe(new Percentiles(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
        week.Ended.Ended.ShouldBe(4);
        week.Today.ShouldBe(today.Ended);
        week.Buckets.Select(b => b.Runs.Ended).ShouldBe([0L, 0, 0, 0, 0, 1, 3]);
        week.Workers.Select(w => (w.Kind, w.Id, w.Running, w.Waiting, w.Ended.Ended, w.DurationP95)).ShouldBe(
        [
            (DashboardGroupKind.Agent, Agent, 1, 2, 3L, TimeSpan.FromSeconds(10)),
            (DashboardGroupKind.Workflow, Workflow, 0, 0, 1L, TimeSpan.FromSeconds(20)),
        ]);
        week.Projects.ShouldHaveSingleItem().Name.ShouldBe("Default");
    }

    [Fact]
    public async Task Read_AfterHoursWereAddedUp_SaysTheSame()
    {
        var random = new Random(20260310);
        var rows = Enumerable.Range(0, 400).Select(i => Ended(
            (RunStatus)random.Next(2, 5), _clock.GetUtcNow().AddSeconds(-random.Next(0, 40 * 86_400)), random.Next(1, 90), 0.001m * random.Next(100), workflow: i % 3 == 0,
            owner: i % 4 == 0 ? Guid.NewGuid() : _owner));
        await AddAsync([.. rows]);
        var before = await AllAsync();

        while (await Hours.AddUpAsync(default))
        {
            // The next hour.
        }

        var after = await AllAsync();
        for (var i = 0; i < before.Count; i++)
        {
            ShouldAgree(after[i], before[i]);
        }

        (await CountHoursAsync()).ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task AddUp_AnHourThatIsNotLongOver_WaitsForIt()
    {
        await AddAsync(Ended(RunStatus.Completed, "2026-03-10T15:10:00Z"));
        (await Hours.AddUpAsync(default)).ShouldBeFalse();

        _clock.Advance(TimeSpan.FromMinutes(39));
        (await Hours.AddUpAsync(default)).ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await Hours.AddUpAsync(default)).ShouldBeTrue();

        (await Hours.AddUpAsync(default)).ShouldBeFalse();
        (await ReadAsync(DashboardPeriod.Today)).Ended.Completed.ShouldBe(1);
    }

    [Fact]
    public async Task AddUp_BySeveralAtOnce_CountsEachRunOnce()
    {
        await AddAsync([.. Enumerable.Range(0, 30).Select(i => Ended(RunStatus.Completed, _clock.GetUtcNow().AddHours(-2 - (i % 5))))]);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (await Hours.AddUpAsync(default))
            {
                // The next hour.
            }
        }));

        (await ReadAsync(DashboardPeriod.Today)).Ended.Completed.ShouldBe(30);
    }

    [Fact]
    public async Task Read_OneOwner_CountsNobodyElse()
    {
        await AddAsync(
            Ended(RunStatus.Completed, "2026-03-10T02:10:00Z"), Ended(RunStatus.Completed, "2026-03-10T15:10:00Z"), Ended(RunStatus.Failed, _clock.GetUtcNow(), owner: Guid.NewGuid()));
        await Hours.AddUpAsync(default);

        var mine = await Reader.ReadAsync(new DashboardQuery(_owner, DashboardPeriod.Today), default);
        var nobodys = await Reader.ReadAsync(new DashboardQuery(Guid.NewGuid(), DashboardPeriod.Today), default);

        (mine.Ended.Completed, mine.Ended.Failed).ShouldBe((2, 0));
        nobodys.Ended.ShouldBe(RunFigures.None);
        nobodys.Latency.Runs.ShouldBe(0);
    }

    [Fact]
    public async Task FirstWord_OfARun_IsThatOfItsFirstModelCall()
    {
        var log = await LogHost.StartAsync(Lab);
        var (session, run) = (await log.CreateAsync(), RunId.New());
        await log.AppendAsync(session, LogHost.Started(run));
        await log.AppendAsync(session, Said(run, duration: 3000, first: 1000));
        var first = await RowAsync(run);
        await log.AppendAsync(session, Said(run, duration: 10, first: 5));

        var row = await RowAsync(run);

        first.FirstWordAt.ShouldNotBeNull();
        row.FirstWordAt.ShouldBe(first.FirstWordAt);
        row.OutputTokens.ShouldBe(4);
    }

    private static NewEvent Said(RunId run, long duration, long first) => new(
        new ModelCompleted(new TextContent("Yes."), [], "stop", "rehearsal", "rehearsal", new UsageTotals(1, 2, 0), duration, first), run);

    private static void ShouldAgree(DashboardFigures actual, DashboardFigures expected)
    {
        actual.Ended.ShouldBe(expected.Ended);
        actual.Today.ShouldBe(expected.Today);
        actual.Buckets.ShouldBe(expected.Buckets);
        actual.Workers.ShouldBe(expected.Workers);
        actual.Projects.ShouldBe(expected.Projects);
        actual.Latency.ShouldBe(expected.Latency);
    }

    private async Task<List<DashboardFigures>> AllAsync()
    {
        var all = new List<DashboardFigures>();
        foreach (var period in Enum.GetValues<DashboardPeriod>())
        {
            all.Add(await ReadAsync(period));
            all.Add(await Reader.ReadAsync(new DashboardQuery(_owner, period), default));
        }

        return all;
    }

    private ValueTask<DashboardFigures> ReadAsync(DashboardPeriod period) => Reader.ReadAsync(new DashboardQuery(null, period), default);

    private Task<int> CountHoursAsync() => Lab.Database.ReadAsync((context, token) => context.Set<RunHourRow>().CountAsync(token), default);

    private Task<RunRow> RowAsync(RunId run) => Lab.Database.ReadAsync((context, token) => context.Set<RunRow>().SingleAsync(r => r.Id == run.Value, token), default);

    private async Task AddAsync(params RunRow[] rows) => await Lab.Database.WriteAsync(
        (context, _) =>
        {
            context.AddRange(rows);
            return Task.CompletedTask;
        },
        CancellationToken.None);

    private RunRow Ended(RunStatus status, string at, int seconds = 5, decimal cost = 0, bool workflow = false) =>
        Ended(status, DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture), seconds, cost, workflow);

    private RunRow Ended(RunStatus status, DateTimeOffset at, int seconds = 5, decimal cost = 0, bool workflow = false, Guid? owner = null)
    {
        var row = Open(status);
        (row.OwnerId, row.AgentId, row.WorkflowId) = (owner ?? _owner, workflow ? null : Agent, workflow ? Workflow : null);
        (row.EndedAt, row.StartedAt) = (UtcMicroseconds.From(at), UtcMicroseconds.From(at.AddSeconds(-seconds)));
        row.FirstWordAt = row.StartedAt + 1_000_000;
        (row.InputTokens, row.OutputTokens, row.CostNanos) = (10, 20, (long)(cost * 1_000_000_000m));
        return row;
    }

    private RunRow Open(RunStatus status) => new()
    {
        Key = _key++,
        Id = Guid.NewGuid(),
        SessionKey = _session,
        OwnerId = _owner,
        ProjectId = Project.DefaultId,
        Status = status,
        Trigger = "message",
        AgentId = Agent,
        Node = "nobody/1",
        Fence = 1,
        StartedAt = UtcMicroseconds.From(_clock.GetUtcNow()),
    };
}

public sealed class SqliteDashboardTests : DashboardSuite<SqliteFixture>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_Runs_AlwaysByAnIndex(bool one)
    {
        using var statements = new StatementWatch();
        await Lab.Services.GetRequiredService<IDashboard>().ReadAsync(new DashboardQuery(one ? Guid.NewGuid() : null, DashboardPeriod.Month), default);

        var read = statements.Seen.Where(s => s.Text.Contains("\"runs\"", StringComparison.Ordinal) || s.Text.Contains("\"run_hours\"", StringComparison.Ordinal)).ToList();
        read.Count.ShouldBe(5);
        foreach (var statement in read)
        {
            var plan = await statement.PlanAsync(Lab.Connections);
            plan.ShouldNotBeEmpty();
            plan.ShouldAllBe(step => !step.StartsWith("SCAN", StringComparison.Ordinal) || step.Contains("USING COVERING INDEX", StringComparison.Ordinal), $"{statement.Text}\n{string.Join('\n', plan)}");
        }
    }
}

public sealed class PostgreSqlDashboardTests : DashboardSuite<PostgreSqlFixture>;

[NeedsSqlServer]
public sealed class SqlServerDashboardTests : DashboardSuite<SqlServerFixture>;

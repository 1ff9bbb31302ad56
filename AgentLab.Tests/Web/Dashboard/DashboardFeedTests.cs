using AgentLab.Core.Dashboard;
using AgentLab.Core.Hosting.Hints;
using AgentLab.Data.Databases;
using AgentLab.Tests.Api;
using AgentLab.Web.Features.Dashboard;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Web.Dashboard;

public sealed class DashboardFeedTests(LabAppFixture fixture) : IClassFixture<LabAppFixture>
{
    private static readonly DashboardScope Everybody = new(null, DashboardPeriod.Week, Cluster: true);

    private DashboardFeed Feed => fixture.App.Services.GetRequiredService<DashboardFeed>();

    [Fact]
    public async Task Watch_TheSameByTwo_SharesOneReadingUntilBothHaveLeft()
    {
        var scope = Everybody with { OwnerId = Guid.NewGuid() };
        var before = Feed.Watching;
        var (one, two) = (Feed.Watch(scope, () => { }), Feed.Watch(scope, () => { }));

        Feed.Watching.ShouldBe(before + 1);
        await Eventually.TrueAsync(() => Task.FromResult(one.Latest is not null));
        two.Latest.ShouldNotBeNull().Figures.ShouldNotBeNull().Buckets.Count.ShouldBe(7);
        one.Dispose();
        one.Dispose();
        Feed.Watching.ShouldBe(before + 1);
        two.Dispose();
        Feed.Watching.ShouldBe(before);
    }

    [Fact]
    public async Task Watch_ARunThatEnds_IsToldWithoutAsking()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var told = 0;
        using var watch = Feed.Watch(new DashboardScope(await fixture.App.UserIdAsync(LabApp.Editor), DashboardPeriod.Week, false), () => Interlocked.Increment(ref told));
        await Eventually.TrueAsync(() => Task.FromResult(watch.Latest is not null));

        await client.AskAsync("What is 4 + 4?");

        await Eventually.TrueAsync(() => Task.FromResult(watch.Latest!.Figures!.Ended.Completed == 1));
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref told) > 1));
        watch.Latest!.Cluster.ShouldBeNull();
    }

    [Fact]
    public async Task Watch_TheStoreFails_KeepsTheLastFiguresAndSaysThatTheyAreLate()
    {
        await using var app = await LabApp.StartAsync();
        using var watch = app.Services.GetRequiredService<DashboardFeed>().Watch(Everybody, () => { });
        await Eventually.TrueAsync(() => Task.FromResult(watch.Latest is { Late: false, Figures: not null }));
        await ChangeAsync(app, "ALTER TABLE run_hours RENAME TO run_hours_away");
        using var client = await app.SignInAsync();

        await client.AskAsync("What is 1 + 1?");
        await Eventually.TrueAsync(() => Task.FromResult(watch.Latest is { Late: true, Figures: not null }));
        await ChangeAsync(app, "ALTER TABLE run_hours_away RENAME TO run_hours");
        await client.AskAsync("What is 1 + 2?");

        await Eventually.TrueAsync(() => Task.FromResult(watch.Latest is { Late: false, Figures.Ended.Completed: 2 }));
    }

    [Theory]
    [InlineData(true, true, 2, HintState.Connected, false, "Hints travel")]
    [InlineData(true, true, 2, HintState.Away, true, "Degraded: hints")]
    [InlineData(true, true, 2, HintState.None, false, "No hints are set up")]
    [InlineData(true, true, 1, HintState.Away, false, "One node")]
    [InlineData(false, true, 1, HintState.None, true, "Degraded: the lease")]
    [InlineData(true, false, 1, HintState.None, false, "One process")]
    public void Cluster_HowItStands_IsSaidPlainly(bool held, bool shared, int nodes, HintState hints, bool degraded, string says)
    {
        var entries = Enumerable.Range(0, nodes).Select(i => new AgentLab.Core.Agents.Runs.Leases.NodeEntry($"n/{i}", "n", default, default)).ToList();
        var cluster = new ClusterState(entries, "n/0", held, shared, hints);

        cluster.Degraded.ShouldBe(degraded);
        cluster.Says.ShouldStartWith(says);
    }

    private static Task ChangeAsync(LabApp app, string sql) => app.Services.GetRequiredService<LabDatabase>().WriteAsync(
        (context, token) => context.Database.ExecuteSqlRawAsync(sql, token), CancellationToken.None);
}

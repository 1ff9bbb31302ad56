using Xunit.Abstractions;

namespace AgentLab.Tests.Faults.Nodes;

/// <summary>Mixed tasks on two nodes while a node, the database or Redis goes away. The hundreds only with <c>AGENTLAB_TEST_FULL=1</c>.</summary>
public sealed class ClusterTaskTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Kill_OfANode_EveryTaskEndsRightAndNoViewerLosesAnEvent()
    {
        await using var cluster = await ScriptedCluster.StartAsync();
        var tasks = new MixedTasks(cluster.Client, cluster.Model);
        await tasks.PrepareAsync();
        await tasks.QueueAsync(Counts.Of(quick: 20, full: 100));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var viewers = (await tasks.SessionsAsync(most: 5)).Select(session => FollowingClient.WatchAsync(cluster.Client, session, patience.Token)).ToList();

        await cluster.KillAsync("a");
        var resumed = await tasks.CheckAsync(tries: 1);
        var seen = await Task.WhenAll(viewers);

        output.WriteLine($"{tasks.Count} tasks, {resumed} of their runs taken over, {seen.Length} viewers");
        foreach (var events in seen)
        {
            events.Select(e => e.GetProperty("sequence").GetInt64()).ShouldBe(Enumerable.Range(1, events.Count).Select(n => (long)n));
        }
    }

    [Fact]
    public async Task Database_RestartedAgainAndAgain_EveryTaskEndsRight()
    {
        await using var cluster = await ScriptedCluster.StartAsync();
        var tasks = new MixedTasks(cluster.Client, cluster.Model);
        await tasks.PrepareAsync();
        var (count, restarts) = (Counts.Of(quick: 20, full: 300), Counts.Of(quick: 2, full: 10));
        var restarting = RestartAsync();

        for (var queued = 0; queued < count; queued += 10)
        {
            await tasks.QueueAsync(10);
        }

        await restarting;

        // An attempt that began while the database was away may have failed; it is tried again, and one completes.
        var resumed = await tasks.CheckAsync(tries: 5);
        output.WriteLine($"{tasks.Count} tasks, {restarts} restarts of the database, {resumed} of the runs taken up again");

        async Task RestartAsync()
        {
            for (var i = 0; i < restarts; i++)
            {
                await Task.Delay(TimeSpan.FromSeconds(Counts.Of(quick: 3, full: 10)));
                await cluster.RestartDatabaseAsync();
            }
        }
    }
}

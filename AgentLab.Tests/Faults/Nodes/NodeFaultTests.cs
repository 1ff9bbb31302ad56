using System.Text.Json;
using AgentLab.Tests.Api;
using AgentLab.Tests.Fakes.OpenAiServer;
using Xunit.Abstractions;

namespace AgentLab.Tests.Faults.Nodes;

/// <summary>Two processes on one PostgreSQL database, one of which is killed or stands still while runs go on. Long pauses only with <c>AGENTLAB_TEST_FULL=1</c>.</summary>
public sealed class NodeFaultTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Kill_OfANode_TheOtherFinishesItsRunsOnce()
    {
        await using var pair = await LabPair.StartAsync(Lease);
        await pair.AskAsync(pair.B, 2);
        await pair.AskAsync(pair.A, Counts.Of(quick: 6, full: 98));

        await pair.A.KillAsync();
        var resumed = await pair.CheckAsync(pair.B);

        output.WriteLine($"{pair.Sessions.Count} runs, {resumed} of them taken over");
        resumed.ShouldBeGreaterThan(0, "the kill must have hit runs");
    }

    [Fact]
    public async Task StandStill_LongerThanTheLease_WritesNothingStaleAfterwards()
    {
        await using var pair = await LabPair.StartAsync(Lease);
        await pair.AskAsync(pair.A, Counts.Of(quick: 6, full: 50));

        await LabPair.SignalAsync(pair.A, "STOP");
        await Task.Delay(TimeSpan.FromSeconds(Counts.Of(quick: 6, full: 60)));
        await Eventually.TrueAsync(async () => (await Task.WhenAll(pair.Sessions.Select(s => pair.B.Client.GetStringAsync($"/api/v1/sessions/{s.Id}/events?limit=500"))))
            .Any(log => log.Contains("\"run.resumed\"", StringComparison.Ordinal)));
        await LabPair.SignalAsync(pair.A, "CONT");
        var resumed = await pair.CheckAsync(pair.B);

        output.WriteLine($"{pair.Sessions.Count} runs, {resumed} of them taken over");
        resumed.ShouldBeGreaterThan(0, "the pause must have hit runs");
        await pair.AskAsync(pair.A, 1);
        await pair.CheckAsync(pair.A);
    }

    [Fact]
    public async Task OtherNode_ShowsAndStopsARun_AndKnowsItsSignIns()
    {
        await using var pair = await LabPair.StartAsync(Lease);
        pair.B.Client.DefaultRequestHeaders.Authorization = pair.A.Client.DefaultRequestHeaders.Authorization;
        await pair.AskAsync(pair.A, 1);

        var live = await LabPair.FollowAsync(pair.B, pair.Sessions[0].Id, "run.completed", "run.failed");
        await pair.CheckAsync(pair.B);

        live.Select(e => JsonElement.Parse(e).GetProperty("sequence").GetInt64()).ShouldBe(Enumerable.Range(1, live.Count).Select(n => (long)n));

        pair.Model.Otherwise = _ => ModelScript.Says(string.Join(' ', Enumerable.Repeat("word", 300)), TimeSpan.FromMilliseconds(200));
        await pair.AskAsync(pair.A, 1);
        var id = pair.Sessions[1].Id;
        using var stopped = await pair.B.Client.PostAsync($"/api/v1/sessions/{id}/stop", null);
        stopped.IsSuccessStatusCode.ShouldBeTrue();
        await Eventually.TrueAsync(async () => await LabPair.StatusAsync(pair.B, id) is "cancelled");
    }
}

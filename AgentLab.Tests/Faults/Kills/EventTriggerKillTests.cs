using System.Text.Json;
using AgentLab.Tests.Api;
using Xunit.Abstractions;

namespace AgentLab.Tests.Faults.Kills;

/// <summary><c>kill -9</c> round the ends of runs that others follow: each end starts its follower once. Few kills as a rule, 25 with <c>AGENTLAB_TEST_FULL=1</c>.</summary>
public sealed class EventTriggerKillTests(ITestOutputHelper output)
{
    private const string Source = "kill-source";
    private const string Follower = "kill-follower";
    private const int RunsALife = 12;
    private const int LongestLifeMs = 900;

    [Fact]
    public async Task Kill_RoundTheEndsOfRuns_StartsEachFollowerOnce()
    {
        var seed = Counts.Seed();
        output.WriteLine($"AGENTLAB_TEST_SEED={seed}");
        var random = new Random(seed);
        await using var outside = await OutsideWorld.StartAsync();
        await using var lab = await KilledLab.StartAsync(WorkflowKillTests.Settings());
        foreach (var workflow in Workflows(outside.Url))
        {
            await KillWorkflows.PublishAsync((await lab.LivingAsync()).Client, workflow);
        }

        var starts = new List<Task<string>>();
        for (var kill = 0; kill < Counts.Of(quick: 2, full: 25); kill++)
        {
            starts.AddRange(Enumerable.Range(0, RunsALife).Select(i => StartAsync(lab, $"{kill}-{i}")));
            await Task.Delay(random.Next(10, LongestLifeMs));
            await lab.KillAsync();
            if (kill % 2 == 1)
            {
                await lab.KillAtRecoveryAsync(random.Next(0, 700));
            }

            await lab.ReviveAsync();
        }

        var sources = await Task.WhenAll(starts);
        sources.ShouldBeUnique();
        await CheckAsync(lab, outside, sources, seed);
    }

    private async Task CheckAsync(KilledLab lab, OutsideWorld outside, string[] sources, int seed)
    {
        var client = (await lab.LivingAsync()).Client;
        foreach (var source in sources)
        {
            await Eventually.TrueAsync(async () => JsonElement.Parse(await client.GetStringAsync($"/api/v1/runs/{source}")).Text("status") == "completed");
        }

        var followers = await FollowingRuns.SettledAsync(client, Follower, sources.Length);
        followers.Select(run => JsonElement.Parse(run.Output!).GetProperty("of").GetString()!).Order(StringComparer.Ordinal)
            .ShouldBe(sources.Order(StringComparer.Ordinal), $"each end starts its follower once (AGENTLAB_TEST_SEED={seed})");
        foreach (var follower in followers)
        {
            follower.Check(await KilledFile.ServedAsync(client, follower.Session));
            outside.KeysOf(follower.Id, "/followed").ShouldBe(["note"]);
        }

        await lab.KillAsync();
        using var file = new KilledFile(Path.Combine(lab.Folder, "agentlab.db"));
        file.Rows("SELECT count(*) FROM sessions", r => r.GetInt64(0)).ShouldBe([sources.Length * 2L]);
        output.WriteLine($"{sources.Length} ends, {followers.Count} followers, {followers.Sum(f => f.Recovered)} of them taken up after a kill");
    }

    /// <summary>Sends the start until it is acknowledged: once, whatever the number of tries.</summary>
    private static async Task<string> StartAsync(KilledLab lab, string key)
    {
        while (true)
        {
            var living = await lab.LivingAsync();
            try
            {
                using var response = await living.Client.SendJsonAsync(HttpMethod.Post, $"/api/v1/workflows/{Source}/runs", new { input = new { } }, key);
                var body = await response.Content.ReadAsStringAsync();
                response.IsSuccessStatusCode.ShouldBeTrue(body);
                return JsonElement.Parse(body).Text("runId");
            }
            catch (Exception e) when (KillClient.IsDeath(e))
            {
                await Task.Delay(20);
            }
        }
    }

    private static IEnumerable<System.Text.Json.Nodes.JsonObject> Workflows(string outside) =>
    [
        KillWorkflows.Workflow(
            "Kill source",
            [KillWorkflows.Node("start", "manual_trigger"), KillWorkflows.Keyed("act", $"{outside}/keyed", """{"a": 1}"""), KillWorkflows.Node("out", "set_values", """{"values": [{"name": "a", "value": 1}]}""")],
            "start > act > out"),
        KillWorkflows.Workflow(
            "Kill follower",
            [
                KillWorkflows.Node("after", "workflow_event_trigger", $$"""{"workflow": "{{Source}}", "on": "completed"}"""), KillWorkflows.Keyed("note", $"{outside}/followed", """{"of": "{{input.runId}}"}"""),
                KillWorkflows.Node("out", "set_values", """{"values": [{"name": "of", "value": "{{input.runId}}"}], "keep": false}"""),
            ],
            "after > note > out"),
    ];
}

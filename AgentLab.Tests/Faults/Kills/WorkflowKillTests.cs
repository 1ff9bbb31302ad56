using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Tests.Fakes;
using Microsoft.AspNetCore.Http;
using Xunit.Abstractions;

namespace AgentLab.Tests.Faults.Kills;

/// <summary>
/// <c>kill -9</c> of the real process while workflows act on a server outside: what goes out under a key takes effect once, and what has none is never made again unless a
/// person says so. Few kills as a rule, 50 with <c>AGENTLAB_TEST_FULL=1</c>.
/// </summary>
public sealed class WorkflowKillTests(ITestOutputHelper output)
{
    private const int RunsALife = 3;
    private const int LongestLifeMs = 1200;

    private readonly ConcurrentQueue<(string Path, string Key)> _effects = new();

    [Fact]
    public async Task Kill_WhileWorkflowsAct_KeyedEffectsAreOnceAndUnknownOnesAskAPerson()
    {
        var seed = Counts.Seed();
        output.WriteLine($"AGENTLAB_TEST_SEED={seed}");
        await using var outside = await LoopbackServer.StartAsync(async context =>
        {
            _effects.Enqueue((context.Request.Path.Value!, context.Request.Headers["Idempotency-Key"].ToString()));
            await Task.Delay(20, context.RequestAborted);
            await context.Response.WriteAsJsonAsync(new { done = true });
        });
        await using var lab = await KilledLab.StartAsync(new Dictionary<string, string> { ["AgentLab:Egress:Allow:0"] = "127.0.0.1" });
        var random = new Random(seed);
        var runs = new List<string>();
        await PublishAsync((await lab.LivingAsync()).Client, outside.Url);
        for (var kill = 0; kill < Counts.Of(quick: 3, full: 50); kill++)
        {
            var client = (await lab.LivingAsync()).Client;
            for (var i = 0; i < RunsALife; i++)
            {
                runs.Add(await StartAsync(client));
            }

            await Task.Delay(random.Next(20, LongestLifeMs));
            await lab.KillAsync();
            await lab.ReviveAsync();
        }

        var living = (await lab.LivingAsync()).Client;
        var asked = 0;
        foreach (var run in runs)
        {
            asked += await EndAsync(living, run);
        }

        output.WriteLine($"{runs.Count} runs, {_effects.Count} requests, {asked} questions to a person");
        runs.ShouldAllBe(run => Holds(run));
    }

    private bool Holds(string run)
    {
        var mine = _effects.Where(e => e.Key.StartsWith(run, StringComparison.Ordinal)).ToList();
        mine.Where(e => e.Path == "/keyed").Select(e => e.Key).Distinct().Order().ShouldBe([$"{run}/first", $"{run}/item[0]", $"{run}/item[1]", $"{run}/item[2]"]);
        mine.Where(e => e.Path == "/hook").Select(e => e.Key).Distinct().ShouldBe([$"{run}/notify"]);
        mine.Count(e => e.Path == "/unkeyed").ShouldBeLessThanOrEqualTo(1, "a step that may not be repeated was repeated, and nobody had asked for it");
        return true;
    }

    private static async Task PublishAsync(HttpClient client, string url)
    {
        var definition = JsonElement.Parse($$$$"""
            {
              "format": "agentlab.workflow/1", "name": "Acts",
              "nodes": [
                {"id": "start", "kind": "manual_trigger", "name": "Start"},
                {"id": "first", "kind": "http_request", "name": "First", "settings": {"method": "POST", "url": "{{{{url}}}}/keyed", "idempotent": true, "body": {"a": 1}}},
                {"id": "once", "kind": "http_request", "name": "Once", "settings": {"method": "POST", "url": "{{{{url}}}}/unkeyed", "body": {"a": 1}}, "onError": "continue"},
                {"id": "each", "kind": "loop", "name": "Each", "settings": {"items": [1, 2, 3], "parallel": 2}},
                {"id": "item", "kind": "http_request", "name": "Item", "settings": {"method": "POST", "url": "{{{{url}}}}/keyed", "idempotent": true, "body": {"a": 1}}},
                {"id": "notify", "kind": "send_webhook", "name": "Notify", "settings": {"url": "{{{{url}}}}/hook", "honours_keys": true}},
                {"id": "pause", "kind": "wait", "name": "Pause", "settings": {"for": "time", "amount": 1, "unit": "seconds"}}
              ],
              "edges": [
                {"id": "e1", "from": "start", "fromPort": "out", "to": "first", "toPort": "in"},
                {"id": "e2", "from": "first", "fromPort": "out", "to": "once", "toPort": "in"},
                {"id": "e3", "from": "first", "fromPort": "out", "to": "each", "toPort": "in"},
                {"id": "e4", "from": "each", "fromPort": "each", "to": "item", "toPort": "in"},
                {"id": "e5", "from": "each", "fromPort": "done", "to": "pause", "toPort": "in"},
                {"id": "e6", "from": "pause", "fromPort": "out", "to": "notify", "toPort": "in"}
              ]
            }
            """);
        using var made = await client.PostAsJsonAsync("/api/v1/workflows", new { definition });
        made.IsSuccessStatusCode.ShouldBeTrue(await made.Content.ReadAsStringAsync());
        var workflow = await made.Content.ReadFromJsonAsync<JsonElement>();
        using var published = await client.PostAsJsonAsync($"/api/v1/workflows/{workflow.GetProperty("id")}/publish", new { revision = workflow.GetProperty("revision").GetInt64(), note = "" });
        published.IsSuccessStatusCode.ShouldBeTrue(await published.Content.ReadAsStringAsync());
    }

    private static async Task<string> StartAsync(HttpClient client)
    {
        using var started = await client.PostAsJsonAsync("/api/v1/workflows/acts/runs", new { input = new { } });
        started.IsSuccessStatusCode.ShouldBeTrue(await started.Content.ReadAsStringAsync());
        return (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("runId").GetString()!;
    }

    /// <summary>Follows a run to its end, going on without the result where a person is asked; says how often that was.</summary>
    private static async Task<int> EndAsync(HttpClient client, string run)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        for (var asked = 0; ;)
        {
            var state = await client.GetFromJsonAsync<JsonElement>($"/api/v1/runs/{run}", limit.Token);
            switch (state.GetProperty("status").GetString())
            {
                case "completed":
                    return asked;
                case "waiting":
                    using (var decided = await client.PostAsJsonAsync($"/api/v1/sessions/{state.GetProperty("sessionId")}/decisions", new { decision = "goOn" }, limit.Token))
                    {
                        // A run that waits for its timer has no question.
                        asked += decided.IsSuccessStatusCode ? 1 : 0;
                    }

                    break;
                case "failed" or "cancelled":
                    throw new InvalidOperationException($"The run {run} ended otherwise: {state}");
            }

            await Task.Delay(100, limit.Token);
        }
    }
}

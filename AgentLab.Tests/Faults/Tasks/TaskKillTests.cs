using System.Text.Json;
using AgentLab.Tests.Api;
using AgentLab.Tests.Faults.Kills;
using Xunit.Abstractions;

namespace AgentLab.Tests.Faults.Tasks;

/// <summary>
/// <c>kill -9</c> at any moment of a hundred tasks, between a task's row, its admission, its run and its end: all are done, each once. Few kills as a rule, 50 with
/// <c>AGENTLAB_TEST_FULL=1</c>.
/// </summary>
public sealed class TaskKillTests(ITestOutputHelper output)
{
    private const int Tasks = 100;
    private const string Slug = "kill-task";
    private const int LongestLifeMs = 1200;

    [Fact]
    public async Task Kill_AtAnyMomentOfAHundredTasks_AllAreDoneOnce()
    {
        var seed = Counts.Seed();
        output.WriteLine($"AGENTLAB_TEST_SEED={seed}");
        var random = new Random(seed);
        await using var outside = await OutsideWorld.StartAsync();
        await using var lab = await KilledLab.StartAsync(WorkflowKillTests.Settings());
        await KillWorkflows.PublishAsync((await lab.LivingAsync()).Client, Workflow(outside.Url));

        // Handed in over the lives of the program, so that every life ends among tasks in all their states.
        var kills = Counts.Of(quick: 3, full: 50);
        var made = new List<Task<string>>();
        for (var kill = 0; kill < kills; kill++)
        {
            var share = (Tasks * (kill + 1) / kills) - made.Count;
            made.AddRange(Enumerable.Range(made.Count, share).Select(i => CreateAsync(lab, i)));
            await Task.Delay(random.Next(10, LongestLifeMs));
            await lab.KillAsync();
            await lab.ReviveAsync();
        }

        var ids = await Task.WhenAll(made);
        ids.ShouldBeUnique();
        await CheckAsync(lab, outside, ids, seed);
    }

    private async Task CheckAsync(KilledLab lab, OutsideWorld outside, string[] ids, int seed)
    {
        var client = (await lab.LivingAsync()).Client;
        var sessions = new List<string>();
        foreach (var id in ids)
        {
            await Eventually.TrueAsync(async () => (await ReadAsync(client, id)).Text("status") is "completed" or "failed" or "dead");
            var task = await ReadAsync(client, id);
            task.Text("status").ShouldBe("completed", $"{task.Text("reason")} (AGENTLAB_TEST_SEED={seed})");
            var attempts = JsonElement.Parse(await client.GetStringAsync($"/api/v1/tasks/{id}/attempts")).GetProperty("items").EnumerateArray().ToList();
            attempts.Select(attempt => (attempt.Text("number"), attempt.Text("status"), attempt.Text("runId"))).ShouldBe([("1", "completed", task.Text("runId"))]);
            outside.KeysOf(task.Text("runId"), "/keyed").ShouldBe(["act"], $"(AGENTLAB_TEST_SEED={seed})");
            sessions.Add(task.Text("sessionId"));
        }

        sessions.ShouldBeUnique();
        await lab.KillAsync();
        using var file = new KilledFile(Path.Combine(lab.Folder, "agentlab.db"));
        file.Rows("SELECT count(*) FROM sessions", r => r.GetInt64(0)).ShouldBe([ids.Length]);
        file.Rows("SELECT count(*) FROM runs WHERE status <> 2", r => r.GetInt64(0)).ShouldBe([0]);
        var recovered = file.Rows("SELECT count(*) FROM session_events WHERE type = 'run.resumed'", r => r.GetInt64(0)).Single();
        output.WriteLine($"{ids.Length} tasks done, {recovered} runs taken up after a kill");
    }

    private static async Task<JsonElement> ReadAsync(HttpClient client, string id) => JsonElement.Parse(await client.GetStringAsync($"/api/v1/tasks/{id}"));

    /// <summary>Sends the request until it is acknowledged: one task, whatever the number of tries.</summary>
    private static async Task<string> CreateAsync(KilledLab lab, int number)
    {
        while (true)
        {
            var living = await lab.LivingAsync();
            try
            {
                using var response = await living.Client.SendJsonAsync(
                    HttpMethod.Post, "/api/v1/tasks", new { title = $"Task {number}", description = "Tell the outside world once.", workflow = Slug }, $"task-{number}");
                var body = await response.Content.ReadAsStringAsync();
                response.IsSuccessStatusCode.ShouldBeTrue(body);
                return JsonElement.Parse(body).Text("id");
            }
            catch (Exception e) when (KillClient.IsDeath(e))
            {
                await Task.Delay(20);
            }
        }
    }

    private static System.Text.Json.Nodes.JsonObject Workflow(string outside) => KillWorkflows.Workflow(
        "Kill task",
        [KillWorkflows.Node("start", "manual_trigger"), KillWorkflows.Keyed("act", $"{outside}/keyed", """{"a": 1}"""), KillWorkflows.Node("out", "set_values", """{"values": [{"name": "a", "value": 1}]}""")],
        "start > act > out");
}

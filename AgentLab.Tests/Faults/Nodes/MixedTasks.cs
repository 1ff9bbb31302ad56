using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Tests.Api;
using AgentLab.Tests.Api.Workflows;
using AgentLab.Tests.Fakes.OpenAiServer;
using AgentLab.Tests.Faults.Kills;

namespace AgentLab.Tests.Faults.Nodes;

/// <summary>Tasks of every kind at once, queued through an address whose nodes may die, and what must have become of each.</summary>
internal sealed class MixedTasks(HttpClient client, OpenAiTestServer model)
{
    private const string Description = "A task of a mixed hundred: ";

    private readonly List<(string Id, string Marker, string Wanted)> _tasks = [];
    private string _workflow = "";

    public int Count => _tasks.Count;

    /// <summary>Makes what the tasks need: a workflow that waits.</summary>
    public async Task PrepareAsync()
    {
        model.Otherwise = WorkerModel.Answer;
        var waits = HookDefinitions.Manual("Waits", HookDefinitions.Node("wait", "wait", """{"for":"time","amount":1,"unit":"seconds"}"""));
        _workflow = await SendAsync("/api/v1/workflows/import", waits);
        await SendAsync($"/api/v1/workflows/{_workflow}/publish", null);
    }

    /// <summary>Queues tasks: of twenty, fourteen for an agent (some of them urgent, one for a moment that comes), four for a workflow, one for an agent that is gone, one that is cancelled.</summary>
    public async Task QueueAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await QueueAsync((_tasks.Count % 20) switch
            {
                3 or 7 or 11 or 15 => ("workflow", "completed"),
                5 => ("gone", "failed"),
                9 => ("cancelled", "cancelled"),
                13 => ("later", "completed"),
                _ => ("agent", "completed"),
            });
        }
    }

    /// <summary>Waits until every task has ended, and holds each against what it should have come to. Returns how many runs went on elsewhere than they began.</summary>
    /// <param name="tries">The most attempts that a task may have needed.</param>
    public async Task<int> CheckAsync(int tries)
    {
        var resumed = 0;
        foreach (var (id, marker, wanted) in _tasks)
        {
            var task = await EndedAsync(id);
            task.Text("status").ShouldBe(wanted, task.GetRawText());
            if (marker.Length > 0)
            {
                var attempts = (await GetAsync($"/api/v1/tasks/{id}/attempts")).GetProperty("items");
                attempts.EnumerateArray().Count(attempt => attempt.Text("status") == "completed").ShouldBe(1, attempts.GetRawText());
                attempts.GetArrayLength().ShouldBeLessThanOrEqualTo(tries, $"a run that is taken over is the same attempt: {attempts.GetRawText()}");
                resumed += await CheckRunAsync(task, marker);
            }
        }

        var counts = await GetAsync("/api/v1/tasks/counts");
        counts.GetProperty("running").GetInt32().ShouldBe(0);
        counts.GetProperty("queued").GetInt32().ShouldBe(0);
        return resumed;
    }

    /// <summary>The sessions of tasks that have one by now.</summary>
    public async Task<IReadOnlyList<string>> SessionsAsync(int most)
    {
        var items = (await GetAsync("/api/v1/tasks?status=running&limit=100")).GetProperty("items").EnumerateArray();
        return [.. items.Select(task => task.GetProperty("sessionId").GetString()).OfType<string>().Take(most)];
    }

    private async Task QueueAsync((string Kind, string Wanted) what)
    {
        var number = _tasks.Count;
        var marker = what.Kind is "agent" or "later" ? string.Create(CultureInfo.InvariantCulture, $"marker-{number}-1") : "";
        var gone = what.Kind == "gone" ? await SendAsync("/api/v1/agents", new { name = $"Gone {number}", instructions = "Never asked." }) : "";
        var id = await SendAsync("/api/v1/tasks", new
        {
            title = $"Task {number}",
            description = $"{Description}{(marker.Length > 0 ? marker : what.Kind)}.",
            priority = 1 + (number % 5),
            agent = what.Kind switch { "agent" or "later" => "worker", "workflow" => null, "gone" => gone, _ => "worker" },
            workflow = what.Kind == "workflow" ? _workflow : null,
            draft = what.Kind is "gone" or "cancelled",
            schedule = what.Kind == "later" ? new { at = TimeProvider.System.GetUtcNow().AddSeconds(5) } : null,
        });
        _tasks.Add((id, marker, what.Wanted));
        if (what.Kind == "gone")
        {
            await Eventually.TrueAsync(async () =>
            {
                using var deleted = await client.DeleteAsync($"/api/v1/agents/{gone}");
                return (int)deleted.StatusCode < 500;
            });
            await SendAsync($"/api/v1/tasks/{id}/queue", null);
        }
        else if (what.Kind == "cancelled")
        {
            await SendAsync($"/api/v1/tasks/{id}/cancel", null);
        }
    }

    private async Task<int> CheckRunAsync(JsonElement task, string marker)
    {
        var session = new WatchedSession(task.Text("sessionId"));
        var log = await ReadAsync(session.Id);
        var message = log.Select(e => JsonElement.Parse(e)).First(e => e.Text("type") == "message.user").GetProperty("sequence").GetInt64();
        session.Turns.Add(new WatchedTurn(marker, task.Text("runId"), message));
        var check = new LogCheck(session, log, model.Requests);
        check.Run();
        return check.Resumed;
    }

    private async Task<List<string>> ReadAsync(string session)
    {
        var page = await GetAsync($"/api/v1/sessions/{session}/events?limit=500");
        return [.. page.GetProperty("events").EnumerateArray().Select(e => e.GetRawText())];
    }

    private async Task<JsonElement> EndedAsync(string id)
    {
        JsonElement task = default;
        await Eventually.TrueAsync(async () =>
        {
            task = await GetAsync($"/api/v1/tasks/{id}");
            return task.Text("status") is not ("queued" or "running" or "waiting");
        });
        return task;
    }

    /// <summary>A node that dies breaks the request that it has: it is asked again, as a client does.</summary>
    private async Task<JsonElement> GetAsync(string path)
    {
        for (var i = 1; ; i++)
        {
            try
            {
                return await client.GetFromJsonAsync<JsonElement>(path);
            }
            catch (HttpRequestException) when (i < 100)
            {
                await Task.Delay(200);
            }
        }
    }

    /// <summary>Sends under a key, so that asking again does nothing twice. Returns the id in the answer.</summary>
    private async Task<string> SendAsync(string path, object? body)
    {
        var key = Guid.NewGuid().ToString("N");
        for (var i = 1; ; i++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) };
                request.Headers.Add("Idempotency-Key", key);
                using var answer = await client.SendAsync(request);
                if ((int)answer.StatusCode < 500)
                {
                    var text = await answer.Content.ReadAsStringAsync();
                    answer.IsSuccessStatusCode.ShouldBeTrue($"{path}: {text}");
                    return JsonElement.Parse(text).TryGetProperty("id", out var id) ? id.GetString()! : "";
                }
            }
            catch (HttpRequestException) when (i < 100)
            {
                // Asked again below.
            }

            (i < 100).ShouldBeTrue($"{path} is not answered");
            await Task.Delay(200);
        }
    }
}

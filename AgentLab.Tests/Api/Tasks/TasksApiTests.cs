using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Tests.Api.Docs;
using AgentLab.Tests.Api.Workflows;

namespace AgentLab.Tests.Api.Tasks;

public sealed class TasksApiTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    private const string Description = "Say what seventeen times three is.";

    private static readonly string[] Routes =
    [
        "GET /api/v1/tasks", "POST /api/v1/tasks", "GET /api/v1/tasks/counts", "GET /api/v1/tasks/next-runs", "GET /api/v1/tasks/{task}", "PUT /api/v1/tasks/{task}",
        "DELETE /api/v1/tasks/{task}", "GET /api/v1/tasks/{task}/attempts", "POST /api/v1/tasks/{task}/queue", "POST /api/v1/tasks/{task}/run", "POST /api/v1/tasks/{task}/cancel",
        "POST /api/v1/tasks/{task}/retry",
    ];

    [Fact]
    public async Task Routes_OfTasks_AreInTheDescriptionAndInTheDocument()
    {
        using var client = await fixture.App.SignInAsync();
        var paths = JsonElement.Parse(await client.GetStringAsync("/openapi/v1.json")).GetProperty("paths");
        var described = paths.EnumerateObject().Where(path => path.Name.StartsWith("/api/v1/tasks", StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name.TrimEnd('/')}"));
        var document = DocFiles.Read("docs/tasks.md");

        described.ShouldBe(Routes, ignoreOrder: true);
        Routes.ShouldAllBe(route => document.Contains($"`{route.Replace("/api/v1", "", StringComparison.Ordinal)}`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Create_ForAnAgent_RunsAtOnceAndLeadsToItsSession()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);

        var made = await CreatedAsync(client, new { title = "  Multiply  ", description = Description, agent = "analyst", priority = 5, context = new { customer = "C-17" } });
        var done = await SettledAsync(client, made.Text("id"), "completed");
        var events = JsonElement.Parse(await client.GetStringAsync($"/api/v1/sessions/{done.Text("sessionId")}/events?limit=500")).GetProperty("events").EnumerateArray().ToList();
        var attempt = (await GetAsync(client, $"/api/v1/tasks/{made.Text("id")}/attempts")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();

        (made.Text("title"), made.Text("status")).ShouldBe(("Multiply", "queued"));
        var started = events.Single(e => e.Text("type") == "run.started").GetProperty("data");
        (started.Text("trigger"), started.GetProperty("task").Text("id")).ShouldBe(("task", made.Text("id")));
        events.Single(e => e.Text("type") == "message.user").GetProperty("data").Text("text").ShouldContain("C-17");
        (attempt.Text("status"), attempt.Text("sessionId"), attempt.Text("runId")).ShouldBe(("completed", done.Text("sessionId"), done.Text("runId")));
        done.GetProperty("nextRunAt").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Create_ForAWorkflow_HandsTaskAndContextOver()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var workflow = await PublishedAsync(client, HookDefinitions.Node("note", "set_values", """{"values":[{"name":"note","value":"{{input.task.title}} for {{input.customer}}"}]}"""));

        var made = await CreatedAsync(client, new { title = "Order", description = Description, workflow, context = new { customer = "C-17" } });
        var done = await SettledAsync(client, made.Text("id"), "completed");

        var nodes = await GetAsync(client, $"/api/v1/runs/{done.Text("runId")}/nodes");
        nodes.GetProperty("items").EnumerateArray().Last().GetProperty("output").Text("note").ShouldBe("Order for C-17");
    }

    [Fact]
    public async Task Create_ForATime_WaitsForItAndRuns()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var at = TimeProvider.System.GetUtcNow().AddSeconds(2);

        var made = await CreatedAsync(client, new { title = "Later", description = Description, agent = "analyst", schedule = new { at } });
        var done = await SettledAsync(client, made.Text("id"), "completed");

        made.GetProperty("nextRunAt").GetDateTimeOffset().ShouldBe(at, TimeSpan.FromMilliseconds(1));
        done.GetProperty("startedAt").GetDateTimeOffset().ShouldBeGreaterThanOrEqualTo(at - TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task Schedule_ByCron_GoesOnAfterARunAndEndsWhenCancelled()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var made = await CreatedAsync(
            client, new { title = "Yearly", description = Description, agent = "analyst", schedule = new { cron = "0 9 1 1 *", timeZone = "Europe/Berlin", missed = "skip" } });
        var path = $"/api/v1/tasks/{made.Text("id")}";

        using var run = await client.PostAsync($"{path}/run", null);
        await Eventually.TrueAsync(async () => await GetAsync(client, path) is var task && task.Text("status") == "queued" && task.Text("lastStatus") == "completed");
        var waiting = await GetAsync(client, path);
        using var cancelled = await client.PostAsync($"{path}/cancel", null);

        made.GetProperty("nextRunAt").GetDateTimeOffset().UtcDateTime.ToString("MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture).ShouldBe("01-01 08:00");
        waiting.Text("nextRunAt").ShouldBe(made.Text("nextRunAt"));
        ((await cancelled.JsonAsync()).Text("status"), (await cancelled.JsonAsync()).GetProperty("nextRunAt").ValueKind).ShouldBe(("cancelled", JsonValueKind.Null));
    }

    [Fact]
    public async Task Cancel_TaskWhoseRunWaits_StopsTheRunAndRetryStartsAnother()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var workflow = await PublishedAsync(client, HookDefinitions.Node("call", "wait", """{"for":"request"}"""));
        var made = await CreatedAsync(client, new { title = "Waits", description = Description, workflow });
        var path = $"/api/v1/tasks/{made.Text("id")}";
        var waiting = await SettledAsync(client, made.Text("id"), "waiting");

        using var early = await client.SendJsonAsync(HttpMethod.Put, path, new { title = "New title", description = Description, workflow, version = 1 });
        using var deleted = await client.DeleteAsync(path);
        using var cancel = await client.PostAsync($"{path}/cancel", null);
        cancel.StatusCode.ShouldBe(HttpStatusCode.OK);
        await SettledAsync(client, made.Text("id"), "cancelled");
        (await GetAsync(client, $"/api/v1/runs/{waiting.Text("runId")}")).Text("status").ShouldBe("cancelled");

        using var again = await client.PostAsync($"{path}/cancel", null);
        using var retry = await client.PostAsync($"{path}/retry", null);
        var second = await SettledAsync(client, made.Text("id"), "waiting");
        using var over = await client.PostAsync($"{path}/cancel", null);
        await SettledAsync(client, made.Text("id"), "cancelled");

        early.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        deleted.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        retry.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.Text("runId").ShouldNotBe(waiting.Text("runId"));
        (await GetAsync(client, $"{path}/attempts")).GetProperty("items").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Run_ThatFailsForGood_FailsTheTaskWithItsReason()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var workflow = await PublishedAsync(client, HookDefinitions.Node("end", "stop", """{"as":"failed","message":"Nothing to send."}"""));

        var made = await CreatedAsync(client, new { title = "Fails", description = Description, workflow });
        var failed = await SettledAsync(client, made.Text("id"), "failed");

        failed.Text("reason").ShouldContain("Nothing to send.");
    }

    [Fact]
    public async Task Queue_TaskWhoseAgentWasDeleted_FailsAndSaysSo()
    {
        using var admin = await fixture.App.SignInAsync();
        using var made = await admin.PostAsJsonAsync("/api/v1/agents", new { name = $"Short-lived {Guid.NewGuid():N}" });
        var agent = (await made.JsonAsync()).Text("id");
        var task = await CreatedAsync(admin, new { title = "Orphaned", description = Description, agent, draft = true });
        using var deleted = await admin.DeleteAsync($"/api/v1/agents/{agent}");
        deleted.IsSuccessStatusCode.ShouldBeTrue(await deleted.Content.ReadAsStringAsync());

        using var queued = await admin.PostAsync($"/api/v1/tasks/{task.Text("id")}/queue", null);
        var failed = await SettledAsync(admin, task.Text("id"), "failed");

        (task.Text("status"), failed.Text("reasonCode")).ShouldBe(("draft", "not_found"));
        failed.Text("reason").ShouldContain("is gone");
    }

    [Fact]
    public async Task Task_OfSomebodyElse_IsNotThere()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        using var other = await fixture.App.SignInAsync(LabApp.Other);
        using var viewer = await fixture.App.SignInAsync(LabApp.Viewer);
        var path = $"/api/v1/tasks/{(await CreatedAsync(client, new { title = "Mine", description = Description, agent = "analyst", draft = true })).Text("id")}";

        foreach (var asked in new[] { other.GetAsync(path), other.GetAsync($"{path}/attempts"), other.DeleteAsync(path), other.PostAsync($"{path}/run", null), other.PostAsync($"{path}/cancel", null) })
        {
            using var answer = await asked;
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        using var refused = await viewer.PostAsJsonAsync("/api/v1/tasks", new { title = "Theirs", description = Description, agent = "analyst" });
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await GetAsync(other, "/api/v1/tasks?q=Mine")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task List_FiltersAndPages_GiveEachOnce()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var mark = Guid.NewGuid().ToString("N");
        foreach (var priority in new[] { 1, 3, 3, 3 })
        {
            await CreatedAsync(client, new { title = $"{mark} {priority}", description = Description, agent = "analyst", draft = true, priority });
        }

        var ids = new HashSet<string>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = await GetAsync(client, $"/api/v1/tasks?q={mark}&priority=3&status=draft&limit=2&cursor={cursor}");
            ids.UnionWith(page.GetProperty("items").EnumerateArray().Select(task => task.Text("id")));
            cursor = page.GetProperty("nextCursor").GetString();
        }

        ids.Count.ShouldBe(3);
        (await GetAsync(client, "/api/v1/tasks/counts")).GetProperty("draft").GetInt32().ShouldBeGreaterThanOrEqualTo(4);
        var times = (await GetAsync(client, "/api/v1/tasks/next-runs?cron=0%209%20*%20*%20*&timeZone=Europe/Berlin&count=3")).GetProperty("times");
        times.GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task Create_TwiceUnderOneKey_MakesOneTask()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var (key, body) = (Guid.NewGuid().ToString(), new { title = "Once", description = Description, agent = "analyst", draft = true });

        using var first = await client.SendJsonAsync(HttpMethod.Post, "/api/v1/tasks", body, key);
        using var second = await client.SendJsonAsync(HttpMethod.Post, "/api/v1/tasks", body, key);
        using var other = await client.SendJsonAsync(HttpMethod.Post, "/api/v1/tasks", new { title = "Twice", description = Description, agent = "analyst", draft = true }, key);

        second.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await second.JsonAsync()).Text("id").ShouldBe((await first.JsonAsync()).Text("id"));
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Replace_StaleVersion_OverwritesNothing()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var path = $"/api/v1/tasks/{(await CreatedAsync(client, new { title = "First", description = Description, agent = "analyst", draft = true })).Text("id")}";

        using var saved = await client.SendJsonAsync(HttpMethod.Put, path, new { title = "Second", description = Description, agent = "analyst", version = 1, priority = 4 });
        using var stale = await client.SendJsonAsync(HttpMethod.Put, path, new { title = "Third", description = Description, agent = "analyst", version = 1 });

        (await saved.JsonAsync()).GetProperty("version").GetInt32().ShouldBe(2);
        (stale.StatusCode, (await stale.JsonAsync()).Text("code")).ShouldBe((HttpStatusCode.Conflict, "version_conflict"));
        (await GetAsync(client, path)).Text("title").ShouldBe("Second");
    }

    [Theory]
    [InlineData("GET", "?limit=0&status=odd&priority=9", null, "limit", "status", "priority")]
    [InlineData("GET", "?cursor=x", null, "cursor")]
    [InlineData("GET", "?agent=x", null, "agent")]
    [InlineData("GET", "/next-runs?cron=x&timeZone=Mars&count=0", null, "cron", "timeZone", "count")]
    [InlineData("POST", "", "{}", "title", "description", "agent")]
    [InlineData("POST", "", """{"title": 5}""", "title")]
    [InlineData("POST", "", """{"title": "ab", "description": "short", "agent": "nobody", "priority": 6, "context": [1], "timeLimit": 0, "schedule": {"cron": "x", "timeZone": "UTC"}}""", "title", "description", "agent", "priority", "context", "timeLimit", "schedule.cron")]
    [InlineData("POST", "", """{"title": "abc", "description": "long enough.", "workflow": "nothing", "schedule": {"timeZone": "Mars"}, "project": "01900000-0000-7000-8000-000000000009"}""", "workflow", "schedule.timeZone", "project")]
    [InlineData("POST", "", """{"title": "abc", "description": "long enough.", "agent": "analyst", "schedule": {"missed": "never"}}""", "schedule.missed")]
    public async Task BadInput_EachFieldAtFault_IsNamed(string method, string address, string? body, params string[] fields)
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        using var message = new HttpRequestMessage(new HttpMethod(method), $"/api/v1/tasks{address}")
        {
            Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        using var response = await client.SendAsync(message);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var named = (await response.JsonAsync()).GetProperty("errors").EnumerateObject().Select(field => field.Name).ToList();
        fields.Except(named).ShouldBeEmpty();
    }

    private static async Task<JsonElement> CreatedAsync(HttpClient client, object body)
    {
        using var response = await client.PostAsJsonAsync("/api/v1/tasks", body);
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return await response.JsonAsync();
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) => JsonElement.Parse(await client.GetStringAsync(path));

    private static async Task<JsonElement> SettledAsync(HttpClient client, string id, string status)
    {
        await Eventually.TrueAsync(async () => (await GetAsync(client, $"/api/v1/tasks/{id}")).Text("status") == status);
        return await GetAsync(client, $"/api/v1/tasks/{id}");
    }

    private static async Task<string> PublishedAsync(HttpClient client, System.Text.Json.Nodes.JsonObject next)
    {
        using var made = await client.PostAsJsonAsync("/api/v1/workflows/import", HookDefinitions.Manual($"Task {Guid.NewGuid():N}", next));
        made.IsSuccessStatusCode.ShouldBeTrue(await made.Content.ReadAsStringAsync());
        var id = (await made.JsonAsync()).Text("id");
        using var published = await client.PostAsync($"/api/v1/workflows/{id}/publish", null);
        published.IsSuccessStatusCode.ShouldBeTrue(await published.Content.ReadAsStringAsync());
        return id;
    }
}

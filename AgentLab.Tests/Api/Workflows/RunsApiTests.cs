using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Data.Databases;
using AgentLab.Data.Workflows;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Api.Workflows;

public sealed class RunsApiTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    private const string Note = """{"values":[{"name":"note","value":"Order {{input.order}} is noted"}]}""";
    private const string Order = """{"type":"object","properties":{"order":{"type":"integer"},"by":{"type":"string","minLength":2}},"required":["order","by"]}""";
    private const string Question = """{"title":"Go on?","message":"Order {{input.order}}"}""";

    [Fact]
    public async Task Run_WithWait_AnswersWithItsOutput()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var path = await PublishAsync(client, HookDefinitions.Manual(Name("Note"), HookDefinitions.Node("note", "set_values", Note), output: """{"said":"{{data.note}}"}"""));

        using var response = await client.PostAsJsonAsync($"{path}/runs?wait=30", new { input = new { order = 4711 } });
        var run = await response.JsonAsync();
        var read = await GetAsync(client, $"/api/v1/runs/{run.Text("runId")}");
        var nodes = await GetAsync(client, $"/api/v1/runs/{run.Text("runId")}/nodes");
        var list = await GetAsync(client, $"{path}/runs?status=completed");
        var types = await client.EventTypesAsync(run.Text("sessionId"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        run.Text("status").ShouldBe("completed");
        run.GetProperty("output").Text("said").ShouldBe("Order 4711 is noted");
        read.GetProperty("output").Text("said").ShouldBe("Order 4711 is noted");
        read.GetProperty("workflow").GetProperty("version").GetInt32().ShouldBe(1);
        nodes.GetProperty("items").EnumerateArray().Last().GetProperty("output").Text("note").ShouldBe("Order 4711 is noted");
        list.GetProperty("items").EnumerateArray().ShouldHaveSingleItem().Text("trigger").ShouldBe("api");
        (await GetAsync(client, path)).GetProperty("summary").GetProperty("lastRun").Text("runId").ShouldBe(run.Text("runId"));
        types[^1].ShouldBe("run.completed");
    }

    [Fact]
    public async Task Run_ThatWaitsForARequest_TellsItsAddressToWhoMaySeeIt()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        using var viewer = await fixture.App.SignInAsync(LabApp.Viewer);
        using var caller = fixture.App.CreateClient();
        var path = await PublishAsync(client, HookDefinitions.Manual(Name("Called"), HookDefinitions.Node("call", "wait", """{"for":"request"}""")));
        using var started = await client.PostAsJsonAsync($"{path}/runs?wait=30", new { });
        var run = (await started.JsonAsync()).Text("runId");

        var wait = (await GetAsync(client, $"/api/v1/runs/{run}")).GetProperty("waits").EnumerateArray().ShouldHaveSingleItem();
        using var hidden = await viewer.GetAsync($"/api/v1/runs/{run}");
        using var woken = await caller.PostAsJsonAsync(wait.Text("address"), new { called = "back" });
        using var late = await caller.PostAsJsonAsync(wait.Text("address"), new { called = "again" });

        (wait.Text("stepId"), wait.Text("kind")).ShouldBe(("call", "webhook"));
        hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        woken.StatusCode.ShouldBe(HttpStatusCode.Accepted, await woken.Content.ReadAsStringAsync());
        late.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await Eventually.TrueAsync(async () => (await GetAsync(client, $"/api/v1/runs/{run}")).Text("status") == "completed");
        var ended = await GetAsync(client, $"/api/v1/runs/{run}");
        ended.GetProperty("output").Text("called").ShouldBe("back");
        ended.GetProperty("waits").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Run_InputAgainstTheSchema_NamesEachField()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var path = await PublishAsync(client, HookDefinitions.Manual(Name("Checked"), HookDefinitions.Node("note", "set_values", Note), input: Order));

        using var response = await client.PostAsJsonAsync($"{path}/runs", new { input = new { order = "x", by = "a" } });

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.JsonAsync()).GetProperty("errors").EnumerateObject().Select(field => field.Name).ShouldBe(["input.order", "input.by"], ignoreOrder: true);
    }

    [Fact]
    public async Task Run_TwiceUnderOneKey_StartsOnce()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var path = await PublishAsync(client, HookDefinitions.Manual(Name("Once"), HookDefinitions.Node("note", "set_values", Note)));
        var key = Guid.NewGuid().ToString();

        using var first = await client.SendJsonAsync(HttpMethod.Post, $"{path}/runs?wait=30", new { input = new { order = 1 } }, key);
        using var second = await client.SendJsonAsync(HttpMethod.Post, $"{path}/runs?wait=30", new { input = new { order = 1 } }, key);
        using var other = await client.SendJsonAsync(HttpMethod.Post, $"{path}/runs", new { input = new { order = 2 } }, key);

        (await second.JsonAsync()).Text("runId").ShouldBe((await first.JsonAsync()).Text("runId"));
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await GetAsync(client, $"{path}/runs")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Run_OfADraft_IsNotPublished()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        using var made = await client.PostAsJsonAsync("/api/v1/workflows", new { definition = HookDefinitions.Manual(Name("Draft"), HookDefinitions.Node("note", "set_values", Note)) });

        using var response = await client.PostAsJsonAsync($"/api/v1/workflows/{(await made.JsonAsync()).Text("id")}/runs", new { });

        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await response.JsonAsync()).Text("code").ShouldBe("workflow_not_published");
    }

    [Fact]
    public async Task Approval_AnsweredUnderItsHash_LetsTheRunGoOn()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        using var other = await fixture.App.SignInAsync("other.editor@agentlab.test");
        var path = await PublishAsync(client, HookDefinitions.Manual(Name("Asks"), HookDefinitions.Node("ask", "approval", Question)));

        using var started = await client.PostAsJsonAsync($"{path}/runs?wait=30", new { input = new { order = 7 } });
        var run = await started.JsonAsync();
        var open = (await GetAsync(client, "/api/v1/approvals?status=pending&limit=100")).GetProperty("items").EnumerateArray().Single(a => a.Text("runId") == run.Text("runId"));
        var read = $"/api/v1/approvals/{open.Text("id")}";
        var address = $"{read}/decision";
        using var wrong = await client.PostAsJsonAsync(address, new { decision = "approve", hash = new string('0', 64) });
        using var foreign = await other.PostAsJsonAsync(address, new { decision = "approve", hash = open.Text("hash") });
        using var right = await client.PostAsJsonAsync(address, new { decision = "approve", hash = open.Text("hash"), reason = "Fine" });
        using var again = await client.PostAsJsonAsync(address, new { decision = "reject", hash = open.Text("hash") });

        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        run.Text("status").ShouldBe("waiting");
        open.Text("title").ShouldBe("Go on?");
        wrong.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await wrong.JsonAsync()).Text("code").ShouldBe("approval_changed");
        foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        right.StatusCode.ShouldBe(HttpStatusCode.OK);
        ((int)again.StatusCode).ShouldBeInRange(404, 409);
        await Eventually.TrueAsync(async () => (await GetAsync(client, $"/api/v1/runs/{run.Text("runId")}")).Text("status") == "completed");
        (await other.GetAsync(read)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Cancel_WaitingRun_EndsIt()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var path = await PublishAsync(client, HookDefinitions.Manual(Name("Cancelled"), HookDefinitions.Node("ask", "approval", Question)));
        using var started = await client.PostAsJsonAsync($"{path}/runs?wait=30", new { input = new { order = 7 } });
        var run = $"/api/v1/runs/{(await started.JsonAsync()).Text("runId")}";

        using var cancelled = await client.PostAsync($"{run}/cancel", null);
        await Eventually.TrueAsync(async () => (await GetAsync(client, run)).Text("status") == "cancelled");
        using var again = await client.PostAsync($"{run}/cancel", null);

        cancelled.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await again.JsonAsync()).Text("code").ShouldBe("run_not_active");
    }

    [Fact]
    public async Task Rights_OfOthers_EndAtTheRun()
    {
        using var owner = await fixture.App.SignInAsync(LabApp.Editor);
        using var other = await fixture.App.SignInAsync("other.editor@agentlab.test");
        using var viewer = await fixture.App.SignInAsync(LabApp.Viewer);
        var path = await PublishAsync(owner, HookDefinitions.Manual(Name("Shared"), HookDefinitions.Node("note", "set_values", Note)));
        using var mine = await owner.PostAsJsonAsync($"{path}/runs?wait=30", new { input = new { order = 1 } });
        var run = $"/api/v1/runs/{(await mine.JsonAsync()).Text("runId")}";

        using var theirs = await other.PostAsJsonAsync($"{path}/runs?wait=30", new { input = new { order = 2 } });

        theirs.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await viewer.PostAsJsonAsync($"{path}/runs", new { input = new { order = 3 } })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await other.GetAsync(run)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await other.GetAsync($"{run}/nodes")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await other.PostAsync($"{run}/cancel", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await GetAsync(other, $"{path}/runs")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await fixture.App.CreateClient().GetAsync(run)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Event_OfAnotherWorkflow_StartsItOnce()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var source = await PublishAsync(client, HookDefinitions.Manual(Name("Source"), HookDefinitions.Node("note", "set_values", Note)));
        var follower = await PublishAsync(client, HookDefinitions.After(Name("Follower"), source.Split('/')[^1]));

        using var run = await client.PostAsJsonAsync($"{source}/runs?wait=30", new { input = new { order = 1 } });
        var first = (await run.JsonAsync()).Text("runId");
        await Eventually.TrueAsync(async () => (await RunsAsync(client, follower)).Any(r => r.Text("status") == "completed"));
        using var second = await client.PostAsJsonAsync($"{source}/runs?wait=30", new { input = new { order = 2 } });
        await Eventually.TrueAsync(async () => (await RunsAsync(client, follower)).Count(r => r.Text("status") == "completed") == 2);

        var runs = await RunsAsync(client, follower);
        runs.ShouldAllBe(r => r.Text("trigger") == "workflow_event");
        var output = (await GetAsync(client, $"/api/v1/runs/{runs[^1].Text("runId")}")).GetProperty("output");
        output.Text("seen").ShouldBe($"completed {first}");
    }

    [Fact]
    public async Task Event_OfItsOwnRuns_ComesToAnEnd()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var name = Name("Ring");
        using var made = await client.PostAsJsonAsync("/api/v1/workflows", new { definition = HookDefinitions.Manual(name, HookDefinitions.Node("note", "set_values", Note)) });
        var path = $"/api/v1/workflows/{(await made.JsonAsync()).Text("id")}";
        var follower = await PublishAsync(client, HookDefinitions.After(Name("Ring two"), path.Split('/')[^1]));
        var back = HookDefinitions.After(name, follower.Split('/')[^1]);
        (await client.SendJsonAsync(HttpMethod.Put, path, new { definition = back, revision = 1 })).EnsureSuccessStatusCode();
        (await client.PostAsync($"{path}/publish", null)).EnsureSuccessStatusCode();

        using var run = await client.PostAsJsonAsync($"{path}/runs?wait=30", new { input = new { status = "completed", runId = "first" } });
        run.StatusCode.ShouldBe(HttpStatusCode.OK);

        await Eventually.TrueAsync(async () => (await RunsAsync(client, path)).Count + (await RunsAsync(client, follower)).Count >= 11);
        // The ring would go on within half a second; the ends that are noted must all be done with.
        await Eventually.TrueAsync(async () => await NotedEndsAsync() == 0);
        ((await RunsAsync(client, path)).Count + (await RunsAsync(client, follower)).Count).ShouldBe(11);
    }

    private Task<int> NotedEndsAsync() => fixture.App.Services.GetRequiredService<LabDatabase>().ReadAsync(
        (context, token) => context.Set<WorkflowEndRow>().CountAsync(token), default);

    private static async Task<List<JsonElement>> RunsAsync(HttpClient client, string path) =>
        [.. (await GetAsync(client, $"{path}/runs?limit=100")).GetProperty("items").EnumerateArray()];

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) => JsonElement.Parse(await client.GetStringAsync(path));

    private static string Name(string name) => $"{name} {Guid.NewGuid():N}";

    private static async Task<string> PublishAsync(HttpClient client, JsonElement definition)
    {
        using var made = await client.PostAsJsonAsync("/api/v1/workflows", new { definition });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var path = $"/api/v1/workflows/{(await made.JsonAsync()).Text("id")}";
        using var published = await client.PostAsync($"{path}/publish", null);
        published.StatusCode.ShouldBe(HttpStatusCode.OK, await published.Content.ReadAsStringAsync());
        return path;
    }
}

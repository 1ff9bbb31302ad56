using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Api.Sessions;

public sealed class SessionsApiTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    private const string Question = "Which region brought the most revenue?";

    [Fact]
    public async Task Start_WithMessage_Answers201AndRuns()
    {
        using var client = await fixture.App.SignInAsync();

        using var response = await client.PostAsJsonAsync("/api/v1/sessions", new { agent = "analyst", message = Question });
        var started = await response.JsonAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        response.Headers.Location!.OriginalString.ShouldBe($"/api/v1/sessions/{started.Text("id")}");
        started.Text("status").ShouldBe("running");
        started.Text("epoch").ShouldNotBeEmpty();
        started.GetProperty("head").GetInt64().ShouldBeGreaterThanOrEqualTo(3);
        started.Text("runId").ShouldNotBeEmpty();
        await EndedAsync(client, started.Text("id"), "completed");
    }

    [Fact]
    public async Task Start_WithWait_AnswersWithTheAgentsWords()
    {
        using var client = await fixture.App.SignInAsync();

        var started = await client.AskAsync(Question);

        started.Text("status").ShouldBe("completed");
        started.Text("answer").ShouldNotBeEmpty();
        (await client.EventTypesAsync(started.Text("id"))).ShouldContain("tool.completed");
    }

    [Fact]
    public async Task Start_WaitTooShortForTheRun_Is504AndTheRunGoesOn()
    {
        await using var slow = await LabApp.StartAsync(builder => builder.Configuration["AgentLab:Models:RehearsalWordPace"] = "00:00:00.100");
        using var client = await slow.SignInAsync();

        using var response = await client.PostAsJsonAsync("/api/v1/sessions?wait=1", new { agent = "analyst", message = Question });
        var problem = await response.JsonAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        problem.Text("code").ShouldBe("still_running");
        await EndedAsync(client, problem.Text("id"), "completed");
    }

    [Fact]
    public async Task Send_ToSession_AnswersInIt()
    {
        using var client = await fixture.App.SignInAsync();
        var id = (await client.AskAsync(Question)).Text("id");

        using var accepted = await client.PostAsJsonAsync($"/api/v1/sessions/{id}/messages", new { text = "Top five products by revenue" });
        await EndedAsync(client, id, "completed");
        using var waited = await client.PostAsJsonAsync($"/api/v1/sessions/{id}/messages?wait=30", new { text = "How many orders are late?" });

        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        waited.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await waited.JsonAsync()).Text("answer").ShouldNotBeEmpty();
        (await GetAsync(client, $"/api/v1/sessions/{id}")).GetProperty("messages").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task Stop_RunningSession_CancelsTheRun()
    {
        await using var slow = await LabApp.StartAsync(builder => builder.Configuration["AgentLab:Models:RehearsalWordPace"] = "00:00:01");
        using var client = await slow.SignInAsync();
        using var started = await client.PostAsJsonAsync("/api/v1/sessions", new { agent = "analyst", message = Question });
        var id = (await started.JsonAsync()).Text("id");

        using var busy = await client.PostAsJsonAsync($"/api/v1/sessions/{id}/messages", new { text = "and?" });
        using var stopped = await client.PostAsync($"/api/v1/sessions/{id}/stop", null);

        busy.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await busy.JsonAsync()).Text("code").ShouldBe("run_active");
        stopped.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await EndedAsync(client, id, "cancelled");
        using var again = await client.PostAsync($"/api/v1/sessions/{id}/stop", null);
        (await again.JsonAsync()).Text("code").ShouldBe("run_not_active");
    }

    [Fact]
    public async Task Retry_EndedSession_RunsAgain()
    {
        using var client = await fixture.App.SignInAsync();
        var id = (await client.AskAsync(Question)).Text("id");

        using var retried = await client.PostAsync($"/api/v1/sessions/{id}/retry?wait=30", null);

        retried.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.EventTypesAsync(id)).Count(t => t == "run.completed").ShouldBe(2);
    }

    [Fact]
    public async Task Decide_NothingToDecide_IsAProblem()
    {
        using var client = await fixture.App.SignInAsync();
        var id = (await client.AskAsync(Question)).Text("id");

        using var decided = await client.PostAsJsonAsync($"/api/v1/sessions/{id}/decisions", new { decision = "repeat" });
        using var empty = await client.PostAsJsonAsync($"/api/v1/sessions/{id}/decisions", new { });

        (await decided.JsonAsync()).Text("code").ShouldBe("run_not_paused");
        empty.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task List_OwnSessions_IsPagedAndFiltered()
    {
        // Somebody who has no other sessions.
        using var client = await fixture.App.SignInAsync("sessions.list@agentlab.test");
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await client.AskAsync(Question)).Text("id"));
        }

        var first = await GetAsync(client, "/api/v1/sessions?limit=2&agent=analyst&status=completed");
        var second = await GetAsync(client, $"/api/v1/sessions?limit=2&agent=analyst&status=completed&cursor={Uri.EscapeDataString(first.Text("nextCursor"))}");
        var none = await GetAsync(client, "/api/v1/sessions?q=nobody-asked-this");

        Ids(first).Concat(Ids(second)).ShouldBe(ids.AsEnumerable().Reverse());
        second.GetProperty("nextCursor").ValueKind.ShouldBe(JsonValueKind.Null);
        Ids(none).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("status=happy", "status")]
    [InlineData("cursor=abc", "cursor")]
    [InlineData("owner=all", "owner")]
    [InlineData("agent=nobody", "agent")]
    public async Task List_MalformedQuery_NamesTheField(string query, string field)
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);

        using var response = await client.GetAsync($"/api/v1/sessions?{query}");
        var problem = await response.JsonAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        problem.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
        problem.Text("traceId").ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("analyst", "")]
    [InlineData("analyst", "   ")]
    [InlineData("", "hello")]
    [InlineData("nobody", "hello")]
    public async Task Start_WhatCannotBe_IsRefused(string agent, string message)
    {
        using var client = await fixture.App.SignInAsync();

        using var response = await client.PostAsJsonAsync("/api/v1/sessions", new { agent, message });

        ((int)response.StatusCode).ShouldBeInRange(400, 404);
        (await response.JsonAsync()).Text("code").ShouldBeOneOf("invalid", "not_found");
    }

    [Fact]
    public async Task Start_MessageOverTheLimit_IsRefused()
    {
        using var client = await fixture.App.SignInAsync();

        using var response = await client.PostAsJsonAsync("/api/v1/sessions", new { agent = "analyst", message = new string('x', 5001) });

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("a%20b")]
    [InlineData("%C3%A4")]
    [InlineData("a.b")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890")]
    public async Task AnyRoute_MalformedSessionId_IsRefused(string id)
    {
        using var client = await fixture.App.SignInAsync();

        foreach (var path in new[] { "", "/events", "/artifacts", "/blobs/abc" })
        {
            using var response = await client.GetAsync($"/api/v1/sessions/{id}{path}");
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await response.JsonAsync()).GetProperty("errors").TryGetProperty("id", out _).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task AnyRoute_OfAnothersSession_ReadsAsNotFound()
    {
        using var owner = await fixture.App.SignInAsync(LabApp.Editor);
        using var stranger = await fixture.App.SignInAsync(LabApp.Other);
        var id = (await owner.AskAsync(Question)).Text("id");
        var path = $"/api/v1/sessions/{id}";

        var answers = new List<HttpResponseMessage>
        {
            await stranger.GetAsync(path),
            await stranger.GetAsync($"{path}/events"),
            await stranger.GetAsync($"{path}/artifacts"),
            await stranger.GetAsync($"{path}/blobs/{new string('0', 64)}"),
            await stranger.SendJsonAsync(HttpMethod.Patch, path, new { title = "Mine" }),
            await stranger.PostAsJsonAsync($"{path}/messages", new { text = "hello" }),
            await stranger.PostAsync($"{path}/stop", null),
            await stranger.PostAsync($"{path}/retry", null),
            await stranger.PostAsJsonAsync($"{path}/decisions", new { decision = "goOn" }),
            await stranger.DeleteAsync(path),
        };

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.NotFound);
        Ids(await GetAsync(stranger, "/api/v1/sessions")).ShouldNotContain(id);
        answers.ForEach(a => a.Dispose());
    }

    [Fact]
    public async Task Change_Title_IsKept()
    {
        using var client = await fixture.App.SignInAsync();
        var id = (await client.AskAsync(Question)).Text("id");

        using var changed = await client.SendJsonAsync(HttpMethod.Patch, $"/api/v1/sessions/{id}", new { title = "Revenue" });
        using var empty = await client.SendJsonAsync(HttpMethod.Patch, $"/api/v1/sessions/{id}", new { title = "" });

        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        empty.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await GetAsync(client, $"/api/v1/sessions/{id}")).Text("title").ShouldBe("Revenue");
    }

    [Fact]
    public async Task Delete_Session_IsGone()
    {
        using var client = await fixture.App.SignInAsync();
        var id = (await client.AskAsync(Question)).Text("id");

        using var deleted = await client.DeleteAsync($"/api/v1/sessions/{id}");
        using var gone = await client.GetAsync($"/api/v1/sessions/{id}");

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Artifacts_OfSession_AreDownloads()
    {
        using var client = await fixture.App.SignInAsync();
        var id = (await client.AskAsync("List all late orders as a table")).Text("id");

        var artifacts = (await GetAsync(client, $"/api/v1/sessions/{id}/artifacts")).GetProperty("items").EnumerateArray().ToList();
        foreach (var artifact in artifacts)
        {
            using var download = await client.GetAsync($"/api/v1/sessions/{id}/artifacts/{artifact.Text("id")}");
            download.StatusCode.ShouldBe(HttpStatusCode.OK);
            download.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
            download.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            (await download.Content.ReadAsByteArrayAsync()).LongLength.ShouldBe(artifact.GetProperty("size").GetInt64());
        }

        using var missing = await client.GetAsync($"/api/v1/sessions/{id}/artifacts/{Guid.NewGuid()}");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Artifacts_MoreThanThePage_LeadOnByCursor()
    {
        using var client = await fixture.App.SignInAsync();
        var id = (await client.AskAsync("List all late orders as a table")).Text("id");
        var log = fixture.App.Services.GetRequiredService<ISessionLog>();
        var more = Enumerable.Range(1, 4).Select(i => new NewEvent(new ArtifactCreated(Guid.CreateVersion7(), $"{i}.txt", "text", "text/plain", new TextContent("x"))));
        (await log.AppendAsync(new SessionAppend(SessionId.Parse(id), [.. more]), default)).Landed.ShouldBeTrue();
        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await GetAsync(client, $"/api/v1/sessions/{id}/artifacts?limit=2&cursor={cursor}");
            var items = page.GetProperty("items").EnumerateArray().Select(a => a.Text("name")).ToList();
            items.Count.ShouldBeLessThanOrEqualTo(2);
            names.AddRange(items);
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        names.TakeLast(4).ShouldBe(["1.txt", "2.txt", "3.txt", "4.txt"]);
        using var refused = await client.GetAsync($"/api/v1/sessions/{id}/artifacts?cursor=made-up");
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Capabilities_ListAgentsToolsAndModels()
    {
        using var client = await fixture.App.SignInAsync();

        var draft = await MakeWorkflowAsync(client, "Only a draft");
        var published = await MakeWorkflowAsync(client, "Can be run");
        using var done = await client.PostAsync($"/api/v1/workflows/{published}/publish", null);
        done.IsSuccessStatusCode.ShouldBeTrue(await done.Content.ReadAsStringAsync());

        var capabilities = await GetAsync(client, "/api/v1/capabilities");

        capabilities.GetProperty("agents").EnumerateArray().Select(a => a.Text("slug")).ShouldContain("analyst");
        var tool = capabilities.GetProperty("tools").EnumerateArray().Single(t => t.Text("name") == "calculator");
        tool.Text("effect").ShouldBe("read");
        tool.GetProperty("schema").Text("type").ShouldBe("object");
        capabilities.GetProperty("models").EnumerateArray().ShouldContain(m => m.GetProperty("rehearsal").GetBoolean());
        var workflow = capabilities.GetProperty("workflows").EnumerateArray().Single(w => w.Text("id") == published);
        (workflow.Text("name"), workflow.Text("version"), workflow.Text("description")).ShouldBe(("Can be run", "1", "Says so."));
        capabilities.GetProperty("workflows").EnumerateArray().ShouldNotContain(w => w.Text("id") == draft, "a draft cannot be run");
    }

    private static async Task<string> MakeWorkflowAsync(HttpClient client, string name)
    {
        var definition = new { format = "agentlab.workflow/1", name, description = "Says so.", nodes = new[] { new { id = "start", kind = "manual_trigger", name = "Start", settings = new { } } } };
        using var made = await client.PostAsJsonAsync("/api/v1/workflows", new { definition });
        made.IsSuccessStatusCode.ShouldBeTrue(await made.Content.ReadAsStringAsync());
        return (await made.JsonAsync()).Text("id");
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) => JsonElement.Parse(await client.GetStringAsync(path));

    private static List<string> Ids(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(s => s.Text("id"))];

    private static async Task EndedAsync(HttpClient client, string id, string status) =>
        await Eventually.TrueAsync(async () => (await GetAsync(client, $"/api/v1/sessions/{id}")).Text("status") == status);
}

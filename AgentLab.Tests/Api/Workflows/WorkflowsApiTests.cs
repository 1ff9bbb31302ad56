using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace AgentLab.Tests.Api.Workflows;

public sealed class WorkflowsApiTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    private const string Format = "agentlab.workflow/1";
    private readonly string _mark = Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task Workflow_FromCreationToDeletion_KeepsDraftAndVersions()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        using var created = await client.PostAsJsonAsync("/api/v1/workflows", new { definition = Definition("Triage") });
        var workflow = await created.JsonAsync();
        var path = $"/api/v1/workflows/{workflow.GetProperty("summary").Text("slug")}";

        using var got = await client.GetAsync(path);
        using var replaced = await client.SendJsonAsync(HttpMethod.Put, path, new { definition = Definition("Triage", "set2") }, ifMatch: got.Headers.ETag!.Tag);
        using var published = await client.PostAsJsonAsync($"{path}/publish", new { note = "First" });
        using var changed = await client.SendJsonAsync(HttpMethod.Put, path, new { definition = Definition("Triage"), revision = 2 });
        var versions = await GetAsync(client, $"{path}/versions");
        var first = await GetAsync(client, $"{path}/versions/1");
        using var restored = await client.PostAsync($"{path}/versions/1/restore", null);
        using var off = await client.PostAsJsonAsync($"{path}/active", new { active = false });
        using var deleted = await client.DeleteAsync(path);
        using var gone = await client.GetAsync(path);

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        created.Headers.Location!.OriginalString.ShouldBe($"/api/v1/workflows/{workflow.Text("id")}");
        (await replaced.JsonAsync()).GetProperty("revision").GetInt64().ShouldBe(2);
        (await published.JsonAsync()).GetProperty("summary").GetProperty("publishedVersion").GetInt32().ShouldBe(1);
        (await changed.JsonAsync()).GetProperty("summary").GetProperty("hasChanges").GetBoolean().ShouldBeTrue();
        versions.GetProperty("items").EnumerateArray().ShouldHaveSingleItem().Text("note").ShouldBe("First");
        first.GetProperty("definition").GetProperty("nodes")[1].Text("id").ShouldBe("set2");
        (await restored.JsonAsync()).GetProperty("summary").GetProperty("hasChanges").GetBoolean().ShouldBeFalse();
        (await off.JsonAsync()).GetProperty("summary").GetProperty("active").GetBoolean().ShouldBeFalse();
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Versions_OfMany_ArePagedByCursor()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var path = await MakeAsync(client, "Versions");
        for (var version = 1; version <= 3; version++)
        {
            using var changed = await client.SendJsonAsync(HttpMethod.Put, path, new { definition = Definition("Versions", $"v{version}"), revision = version });
            using var published = await client.PostAsJsonAsync($"{path}/publish", new { note = $"{version}" });
            published.StatusCode.ShouldBe(HttpStatusCode.OK, await published.Content.ReadAsStringAsync());
        }

        var first = await GetAsync(client, $"{path}/versions?limit=2");
        var rest = await GetAsync(client, $"{path}/versions?limit=2&cursor={first.Text("nextCursor")}");
        using var wrong = await client.GetAsync($"{path}/versions?cursor=x");
        using var tooMany = await client.GetAsync($"{path}/versions?limit=101");

        first.GetProperty("items").EnumerateArray().Select(item => item.Text("note")).ShouldBe(["3", "2"]);
        rest.GetProperty("items").EnumerateArray().Select(item => item.Text("note")).ShouldBe(["1"]);
        rest.GetProperty("nextCursor").ValueKind.ShouldBe(JsonValueKind.Null);
        (await wrong.JsonAsync()).GetProperty("errors").TryGetProperty("cursor", out _).ShouldBeTrue();
        (await tooMany.JsonAsync()).GetProperty("errors").TryGetProperty("limit", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task PastedKey_OnImportSaveAndExport_IsSaidWithItsField()
    {
        const string Key = "ghp_0123456789abcdefghijklmnopqrstuvwxyzAB";
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var file = $$$"""
            {"format": "{{{Format}}}", "name": "Pasted {{{_mark}}}", "nodes": [{"id": "start", "kind": "manual_trigger", "name": "Start"},
             {"id": "get", "kind": "http_request", "name": "Get", "settings": {"url": "https://example.com/", "headers": [{"name": "X-Trace", "value": "1"}, {"name": "Authorization", "value": "Bearer {{{Key}}}"}]}}],
             "edges": [{"id": "e1", "from": "start", "fromPort": "out", "to": "get", "toPort": "in"}]}
            """;

        using var imported = await client.PostAsync("/api/v1/workflows/import", new StringContent(file, Encoding.UTF8, "application/json"));
        var workflow = await imported.JsonAsync();
        var path = $"/api/v1/workflows/{workflow.Text("id")}";
        using var saved = await client.SendJsonAsync(HttpMethod.Put, path, new { definition = workflow.GetProperty("definition"), revision = 1 });
        var export = await client.GetStringAsync($"{path}/export");
        using var again = await client.PostAsync($"/api/v1/workflows/import?name=Again+{_mark}", new StringContent(export, Encoding.UTF8, "application/json"));

        foreach (var answer in new[] { workflow, await saved.JsonAsync(), await again.JsonAsync() })
        {
            var problem = answer.GetProperty("problems").EnumerateArray().ShouldHaveSingleItem();
            (problem.Text("severity"), problem.Text("code"), problem.Text("node"), problem.Text("field")).ShouldBe(("warning", "secret_pasted", "get", "/headers/1/value"));
            problem.Text("message").ShouldContain("keep it as a secret");
            problem.Text("message").ShouldNotContain(Key);
        }

        var comment = JsonElement.Parse(export).EnumerateObject().First();
        comment.Name.ShouldBe("$comment");
        comment.Value.GetString()!.ShouldContain("nodes.get.settings/headers/1/value");
    }

    [Fact]
    public async Task Secrets_AreListedWithTheirHostsAndWithoutTheirValues()
    {
        await using var app = await LabApp.StartAsync(builder =>
        {
            builder.Configuration["AgentLab:Secrets:shop_key"] = "very-s3cret-value";
            builder.Configuration["AgentLab:Secrets:any_key"] = "other-s3cret-value";
            builder.Configuration["AgentLab:SecretHosts:shop_key"] = "api.shop.example, *.depot.example";
        });
        using var editor = await app.SignInAsync(LabApp.Editor);
        using var viewer = await app.SignInAsync(LabApp.Viewer);

        var text = await editor.GetStringAsync("/api/v1/secrets");
        using var refused = await viewer.GetAsync("/api/v1/secrets");

        JsonElement.Parse(text).GetProperty("items").EnumerateArray().Select(item => $"{item.Text("name")} {item.Text("anyHost")} {item.GetProperty("hosts").GetRawText()}")
            .ShouldBe(["any_key True []", """shop_key False ["api.shop.example","*.depot.example"]"""]);
        text.ShouldNotContain("s3cret");
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Replace_AtAnOlderRevision_SaysWhatChanged()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        using var admin = await fixture.App.SignInAsync();
        var path = await MakeAsync(client, "Contended");
        using var theirs = await admin.SendJsonAsync(HttpMethod.Put, path, new { definition = Definition("Contended", "theirs"), revision = 1 });

        using var mine = await client.SendJsonAsync(HttpMethod.Put, path, new { definition = Definition("Contended", "mine"), revision = 1 });
        var problem = await mine.JsonAsync();

        theirs.StatusCode.ShouldBe(HttpStatusCode.OK);
        mine.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        problem.Text("code").ShouldBe("edit_conflict");
        problem.GetProperty("revision").GetInt64().ShouldBe(2);
        problem.GetProperty("changes")[0].Text("by").ShouldBe((await fixture.App.UserIdAsync(LabApp.Admin)).ToString());
        (await client.GetStringAsync(path)).ShouldContain("theirs");
    }

    [Fact]
    public async Task Export_Imported_IsByteForByteTheSame()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        using var admin = await fixture.App.SignInAsync();
        var path = await MakeAsync(client, "Round trip — Größe 数 🦉");
        var file = await client.GetByteArrayAsync($"{path}/export");

        using var imported = await admin.PostAsync("/api/v1/workflows/import", Json(file));
        var copy = $"/api/v1/workflows/{(await imported.JsonAsync()).Text("id")}";
        using var renamed = await client.PostAsync($"/api/v1/workflows/import?name=Other%20{_mark}", Json(file));

        imported.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await admin.GetByteArrayAsync($"{copy}/export")).ShouldBe(file);
        (await renamed.JsonAsync()).GetProperty("summary").Text("name").ShouldBe($"Other {_mark}");
        file[^1].ShouldBe((byte)'\n');
    }

    [Theory]
    [InlineData("""{"format":"agentlab.workflow/1","name":"X","nodes":[{"id":"a","kind":"run_code","name":"A"}]}""", "run_code")]
    [InlineData("""{"format":"agentlab.workflow/1","name":"X","script":"alert(1)"}""", "script")]
    [InlineData("""{"format":"agentlab.workflow/9","name":"X"}""", "format")]
    [InlineData("[]", null)]
    public async Task Import_HostileFile_IsRefusedByNameAndKeepsNothing(string file, string? named)
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var before = (await GetAsync(client, "/api/v1/workflows?q=X&limit=100")).GetProperty("items").GetArrayLength();

        using var response = await client.PostAsync("/api/v1/workflows/import", Json(Encoding.UTF8.GetBytes(file)));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        if (named is not null)
        {
            (await response.Content.ReadAsStringAsync()).ShouldContain(named);
        }

        (await GetAsync(client, "/api/v1/workflows?q=X&limit=100")).GetProperty("items").GetArrayLength().ShouldBe(before);
    }

    [Fact]
    public async Task Import_OverFourMegabytes_IsTooLarge()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);

        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/workflows/import") { Content = Json(new byte[5 * 1024 * 1024]) };
        // The client asks before it sends: a refusal in the middle of a body may reach it as a broken line.
        request.Headers.ExpectContinue = true;

        using var response = await client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Create_TwiceUnderOneKey_MakesOne()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var key = Guid.NewGuid().ToString();

        using var first = await client.SendJsonAsync(HttpMethod.Post, "/api/v1/workflows", new { name = $"Once {_mark}" }, key);
        using var second = await client.SendJsonAsync(HttpMethod.Post, "/api/v1/workflows", new { name = $"Once {_mark}" }, key);
        using var other = await client.SendJsonAsync(HttpMethod.Post, "/api/v1/workflows", new { name = $"Twice {_mark}" }, key);

        (await second.JsonAsync()).Text("id").ShouldBe((await first.JsonAsync()).Text("id"));
        second.Headers.Contains("Idempotency-Replayed").ShouldBeTrue();
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Duplicate_WithoutAName_FindsAFreeOne()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var path = await MakeAsync(client, "Original");

        using var first = await client.PostAsync($"{path}/duplicate", null);
        using var second = await client.PostAsync($"{path}/duplicate", null);

        (await first.JsonAsync()).GetProperty("summary").Text("name").ShouldBe($"Original {_mark} copy");
        (await second.JsonAsync()).GetProperty("summary").Text("name").ShouldBe($"Original {_mark} copy 2");
    }

    [Fact]
    public async Task Publish_WithProblems_NamesEachNodeAndField()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        using var created = await client.PostAsJsonAsync("/api/v1/workflows", new
        {
            definition = new
            {
                format = Format,
                name = $"Incomplete {_mark}",
                nodes = new object[] { new { id = "hook", kind = "webhook_trigger", name = "Hook" }, new { id = "start", kind = "workflow_event_trigger", name = "After" } },
            },
        });

        using var response = await client.PostAsync($"/api/v1/workflows/{(await created.JsonAsync()).Text("id")}/publish", null);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var fields = (await response.JsonAsync()).GetProperty("errors").EnumerateObject().Select(field => field.Name).ToList();
        fields.ShouldContain("nodes.hook.slug");
        fields.ShouldContain("nodes.start.workflow");
    }

    [Fact]
    public async Task Publish_AddressOfAnotherWorkflow_IsTaken()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        object Hooked(string name) => new
        {
            format = Format,
            name = $"{name} {_mark}",
            nodes = new object[] { new { id = "hook", kind = "webhook_trigger", name = "Hook", settings = new { slug = $"orders-{_mark}" } } },
        };
        using var first = await client.PostAsJsonAsync("/api/v1/workflows", new { definition = Hooked("A") });
        using var second = await client.PostAsJsonAsync("/api/v1/workflows", new { definition = Hooked("B") });

        using var published = await client.PostAsync($"/api/v1/workflows/{(await first.JsonAsync()).Text("id")}/publish", null);
        using var taken = await client.PostAsync($"/api/v1/workflows/{(await second.JsonAsync()).Text("id")}/publish", null);

        published.StatusCode.ShouldBe(HttpStatusCode.OK);
        taken.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await taken.JsonAsync()).Text("code").ShouldBe("hook_taken");
    }

    [Fact]
    public async Task Rights_OfViewersOthersAndTheAnonymous_EndWhereTheyShould()
    {
        using var owner = await fixture.App.SignInAsync(LabApp.Editor);
        using var other = await fixture.App.SignInAsync("other.editor@agentlab.test");
        using var viewer = await fixture.App.SignInAsync(LabApp.Viewer);
        var draft = await MakeAsync(owner, "Draft");
        var published = await MakeAsync(owner, "Published");
        (await owner.PostAsync($"{published}/publish", null)).EnsureSuccessStatusCode();

        foreach (var stranger in new[] { other, viewer })
        {
            (await stranger.GetAsync(draft)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await stranger.GetAsync($"{draft}/export")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await stranger.GetAsync(published)).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await stranger.SendJsonAsync(HttpMethod.Put, published, new { definition = Definition("Mine"), revision = 1 })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await stranger.DeleteAsync(published)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await stranger.DeleteAsync(draft)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await stranger.PostAsJsonAsync($"{published}/active", new { active = false })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await stranger.PostAsJsonAsync($"{published}/offered", new { offered = true })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        (await other.PostAsync($"{published}/duplicate", null)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await viewer.PostAsync($"{published}/duplicate", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var anonymous = fixture.App.CreateClient();
        (await anonymous.GetAsync(published)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await anonymous.PostAsJsonAsync("/api/v1/workflows", new { name = "X" })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task List_Workflows_IsPagedMostRecentlyChangedFirst()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        foreach (var name in new[] { "Page 1", "Page 2", "Page 3" })
        {
            await MakeAsync(client, name);
        }

        var first = await GetAsync(client, $"/api/v1/workflows?limit=2&q={_mark}");
        var second = await GetAsync(client, $"/api/v1/workflows?limit=2&q={_mark}&cursor={Uri.EscapeDataString(first.Text("nextCursor"))}");
        using var foreign = await client.GetAsync("/api/v1/workflows?cursor=x");

        first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(w => w.Text("name"))
            .ShouldBe([$"Page 3 {_mark}", $"Page 2 {_mark}", $"Page 1 {_mark}"]);
        foreign.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task NodeKinds_Listed_SayHowTheyAreSet()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Viewer);

        var kinds = (await GetAsync(client, "/api/v1/node-kinds")).GetProperty("items").EnumerateArray().ToList();

        kinds.Single(kind => kind.Text("kind") == "webhook_trigger").GetProperty("settings").GetProperty("properties").TryGetProperty("slug", out _).ShouldBeTrue();
        kinds.ShouldAllBe(kind => kind.Text("summary") != "");
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) => JsonElement.Parse(await client.GetStringAsync(path));

    private static ByteArrayContent Json(byte[] file) => new(file) { Headers = { ContentType = new("application/json") } };

    private object Definition(string name, string node = "first") => new
    {
        format = Format,
        name = $"{name} {_mark}",
        nodes = new object[]
        {
            new { id = "start", kind = "manual_trigger", name = "Start" },
            new { id = node, kind = "set_values", name = "Set", settings = SetValues },
        },
        edges = new object[] { new { id = "e1", from = "start", fromPort = "out", to = node, toPort = "in" } },
    };

    private static object SetValues => new { values = new[] { new { name = "greeting", value = "Hello" } } };

    private async Task<string> MakeAsync(HttpClient client, string name)
    {
        using var created = await client.PostAsJsonAsync("/api/v1/workflows", new { definition = Definition(name) });
        created.StatusCode.ShouldBe(HttpStatusCode.Created, await created.Content.ReadAsStringAsync());
        return $"/api/v1/workflows/{(await created.JsonAsync()).Text("id")}";
    }
}

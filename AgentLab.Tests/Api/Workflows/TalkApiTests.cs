using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace AgentLab.Tests.Api.Workflows;

public sealed class TalkApiTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    private const string Said = """{"values":[{"name":"said","value":"{{data.message}}"},{"name":"history","value":"{{data.history}}"}]}""";

    [Fact]
    public async Task Message_AfterTheFirst_ReachesTheRunWithTheHistory()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var workflow = await PublishAsync(client, Talk("""{"text":"You said {{data.said}}"}"""));

        using var started = await client.PostAsJsonAsync("/api/v1/sessions?wait=30", new { workflow, message = "Hello there" });
        var first = await started.JsonAsync();
        var session = $"/api/v1/sessions/{first.Text("id")}";
        using var sent = await client.PostAsJsonAsync($"{session}/messages?wait=30", new { text = "And now?" });
        var second = await sent.JsonAsync();
        var nodes = await GetAsync(client, $"/api/v1/runs/{second.Text("runId")}/nodes");
        var run = await GetAsync(client, $"/api/v1/runs/{first.Text("runId")}");

        started.StatusCode.ShouldBe(HttpStatusCode.Created, first.ToString());
        first.Text("answer").ShouldBe("You said Hello there");
        second.Text("answer").ShouldBe("You said And now?");
        (await GetAsync(client, session)).Text("title").ShouldBe("Hello there");
        nodes.GetProperty("items").EnumerateArray().Last().GetProperty("output").GetProperty("history").EnumerateArray()
            .Select(entry => (entry.Text("role"), entry.Text("text"))).ShouldBe([("user", "Hello there"), ("assistant", "You said Hello there")]);
        run.GetProperty("output").Text("text").ShouldBe("You said Hello there");
        (await client.EventTypesAsync(first.Text("id"))).Take(3).ShouldBe(["session.created", "message.user", "run.started"]);
    }

    [Fact]
    public async Task Retry_AnswersTheMessageAgain_WithoutItInTheHistory()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var workflow = await PublishAsync(client, Talk("""{"answer":"{{data.said}}"}"""));
        using var started = await client.PostAsJsonAsync("/api/v1/sessions?wait=30", new { workflow, message = "Once" });
        var session = $"/api/v1/sessions/{(await started.JsonAsync()).Text("id")}";

        using var retried = await client.PostAsync($"{session}/retry?wait=30", null);
        var again = await retried.JsonAsync();
        var nodes = await GetAsync(client, $"/api/v1/runs/{again.Text("runId")}/nodes");

        again.Text("answer").ShouldBe("Once");
        nodes.GetProperty("items").EnumerateArray().Last().GetProperty("output").GetProperty("history").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Message_TwiceUnderOneKey_StartsOneRun()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var workflow = await PublishAsync(client, Talk(null));
        var key = Guid.NewGuid().ToString();

        using var first = await client.SendJsonAsync(HttpMethod.Post, "/api/v1/sessions?wait=30", new { workflow, message = "Once" }, key);
        using var again = await client.SendJsonAsync(HttpMethod.Post, "/api/v1/sessions?wait=30", new { workflow, message = "Once" }, key);
        var session = $"/api/v1/sessions/{(await first.JsonAsync()).Text("id")}";
        using var sent = await client.SendJsonAsync(HttpMethod.Post, $"{session}/messages?wait=30", new { text = "Twice" }, key);
        using var resent = await client.SendJsonAsync(HttpMethod.Post, $"{session}/messages?wait=30", new { text = "Twice" }, key);

        (await again.JsonAsync()).Text("id").ShouldBe((await first.JsonAsync()).Text("id"));
        (await resent.JsonAsync()).Text("runId").ShouldBe((await sent.JsonAsync()).Text("runId"));
        (await client.EventTypesAsync((await first.JsonAsync()).Text("id"))).Count(type => type == "run.started").ShouldBe(2);
    }

    [Fact]
    public async Task Message_WhileARunWaits_IsRefused()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var workflow = await PublishAsync(client, HookDefinitions.Talk(Name(), HookDefinitions.Node("ask", "approval", """{"title":"Go on?","message":"{{data.message}}"}""")));
        using var started = await client.PostAsJsonAsync("/api/v1/sessions?wait=30", new { workflow, message = "Please" });
        var first = await started.JsonAsync();

        using var sent = await client.PostAsJsonAsync($"/api/v1/sessions/{first.Text("id")}/messages", new { text = "Quick" });

        sent.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await sent.JsonAsync()).Text("code").ShouldBe("run_active");
        first.Text("status").ShouldBe("waiting");
    }

    [Fact]
    public async Task Start_OfAWorkflowThatTakesNoMessages_SaysWhy()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var workflow = await PublishAsync(client, HookDefinitions.Manual(Name(), HookDefinitions.Node("note", "set_values", """{"values":[{"name":"a","value":1}]}""")));
        using var run = await client.PostAsJsonAsync($"/api/v1/workflows/{workflow}/runs?wait=30", new { });

        using var started = await client.PostAsJsonAsync("/api/v1/sessions", new { workflow, message = "Hello" });
        using var both = await client.PostAsJsonAsync("/api/v1/sessions", new { workflow, agent = "analyst", message = "Hello" });
        using var none = await client.PostAsJsonAsync("/api/v1/sessions", new { workflow = "no-such-workflow", message = "Hello" });
        using var sent = await client.PostAsJsonAsync($"/api/v1/sessions/{(await run.JsonAsync()).Text("sessionId")}/messages", new { text = "Hello" });

        started.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        both.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await sent.JsonAsync()).Text("code").ShouldBe("workflow_session");
    }

    private static JsonElement Talk(string? output) => HookDefinitions.Talk(Name(), HookDefinitions.Node("said", "set_values", Said), output);

    private static string Name() => $"Talk {Guid.NewGuid():N}";

    private static async Task<JsonElement> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        return await response.JsonAsync();
    }

    private static async Task<string> PublishAsync(HttpClient client, JsonElement definition)
    {
        using var made = await client.PostAsJsonAsync("/api/v1/workflows", new { definition });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var id = (await made.JsonAsync()).Text("id");
        using var published = await client.PostAsync($"/api/v1/workflows/{id}/publish", null);
        published.StatusCode.ShouldBe(HttpStatusCode.OK, await published.Content.ReadAsStringAsync());
        return id;
    }
}

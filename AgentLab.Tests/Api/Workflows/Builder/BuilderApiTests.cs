using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Tests.Fakes.OpenAiServer;

namespace AgentLab.Tests.Api.Workflows.Builder;

/// <summary>The builder through the API, on the rehearsal model and on a provider that answers, goes wrong, hangs and is down.</summary>
public sealed class BuilderApiTests
{
    private const string Webhook = "When a webhook arrives, if total is over 100 then ask a person to approve, else answer with ok. Then mail the customer.";

    [Fact]
    public async Task Message_OnTheRehearsalModel_ProposesAndLeavesTheDraft()
    {
        await using var app = await LabApp.StartAsync(builder => builder.Configuration["AgentLab:Models:RehearsalWordPace"] = "00:00:00");
        using var client = await app.SignInAsync(LabApp.Editor);
        var path = await MakeAsync(client);

        using var asked = await client.SendJsonAsync(HttpMethod.Post, $"{path}/builder/messages", new { message = Webhook }, key: "one");
        using var again = await client.SendJsonAsync(HttpMethod.Post, $"{path}/builder/messages", new { message = Webhook }, key: "one");
        var answer = await asked.JsonAsync();
        var draft = (await GetAsync(client, path)).GetProperty("definition");
        using var accepted = await client.SendJsonAsync(HttpMethod.Put, path, new { definition = answer.GetProperty("updatedGraph"), revision = answer.GetProperty("revision").GetInt64() });
        using var more = await client.PostAsJsonAsync($"{path}/builder/messages", new { message = "rename the webhook to Order came in" });
        var next = await more.JsonAsync();
        var conversation = await GetAsync(client, $"{path}/builder/messages");

        asked.StatusCode.ShouldBe(HttpStatusCode.OK, answer.ToString());
        answer.Text("text").ShouldContain("not a language model");
        answer.GetProperty("rehearsal").GetBoolean().ShouldBeTrue();
        answer.GetProperty("updatedGraph").GetProperty("nodes").EnumerateArray().Select(node => node.Text("kind")).ShouldBe(["webhook_trigger", "condition", "approval", "respond"]);
        answer.GetProperty("diff").GetProperty("changes").GetArrayLength().ShouldBe(7);
        answer.GetProperty("detectedActions")[1].Text("kind").ShouldBe("condition");
        answer.GetProperty("toolCalls").EnumerateArray().Select(call => call.Text("tool")).ShouldContain("check_workflow");
        answer.GetProperty("unmapped")[0].Text("phrase").ShouldBe("mail the customer");
        (draft.TryGetProperty("nodes", out var nodes) ? nodes.GetArrayLength() : 0).ShouldBe(0);
        again.Headers.Contains("Idempotency-Replayed").ShouldBeTrue();
        (await again.JsonAsync()).Text("runId").ShouldBe(answer.Text("runId"));
        accepted.StatusCode.ShouldBe(HttpStatusCode.OK, await accepted.Content.ReadAsStringAsync());
        next.Text("sessionId").ShouldBe(answer.Text("sessionId"));
        next.GetProperty("diff").GetProperty("changes")[0].Text("line").ShouldContain("Order came in");
        conversation.GetProperty("items").EnumerateArray().Select(item => item.Text("status")).ShouldBe(["answered", "answered"]);
    }

    [Fact]
    public async Task Message_ThatCannotBe_IsRefusedByTheErrorTable()
    {
        await using var app = await LabApp.StartAsync(builder => builder.Configuration["AgentLab:Models:RehearsalWordPace"] = "00:00:00");
        using var client = await app.SignInAsync(LabApp.Editor);
        var path = await MakeAsync(client);

        using var empty = await client.PostAsJsonAsync($"{path}/builder/messages", new { message = "  " });
        using var large = await client.PostAsJsonAsync($"{path}/builder/messages", new { message = new string('x', 5_001) });
        using var old = await client.PostAsJsonAsync($"{path}/builder/messages", new { message = "wait 2 hours", revision = 9 });
        using var missing = await client.PostAsJsonAsync("/api/v1/workflows/nowhere/builder/messages", new { message = "wait 2 hours" });

        empty.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        large.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await large.JsonAsync()).GetProperty("errors").TryGetProperty("message", out _).ShouldBeTrue();
        (await old.JsonAsync()).Text("code").ShouldBe("edit_conflict");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Message_OnAProvider_TakesItsToolCallsAndItsMistakes()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        server.Next(
            ModelScript.Calls("look_at_workflow", "{}", "c1"),
            ModelScript.Calls(
                new ScriptedCall("c2", "add_node", """{"kind": "manual_trigger", "id": "start"}"""),
                new ScriptedCall("c3", "add_node", """{"kind": "teapot"}"""),
                new ScriptedCall("c4", "add_node", """{"kind": "wait", "id": "pause", "after": ["start"], "settings": {"for": "time", "amount": 5, "unit": "minutes"}, "phrase": "wait a little"}"""),
                new ScriptedCall("c5", "connect", """{"from": "pause", "to": "start"}""")),
            ModelScript.Calls("cannot_map", """{"phrase": "make tea", "reason": "There is no teapot.", "nearest": "An HTTP request to one."}""", "c6"),
            ModelScript.Says("I propose a start and a pause."));
        await using var app = await StartAsync(server);
        using var client = await app.SignInAsync(LabApp.Editor);

        using var asked = await client.PostAsJsonAsync($"{await MakeAsync(client)}/builder/messages", new { message = "Wait a little, then make tea." });
        var answer = await asked.JsonAsync();

        asked.StatusCode.ShouldBe(HttpStatusCode.OK, answer.ToString());
        answer.Text("text").ShouldBe("I propose a start and a pause.");
        answer.GetProperty("rehearsal").GetBoolean().ShouldBeFalse();
        answer.GetProperty("updatedGraph").GetProperty("nodes").EnumerateArray().Select(node => node.Text("id")).ShouldBe(["start", "pause"]);
        answer.GetProperty("updatedGraph").GetProperty("edges").GetArrayLength().ShouldBe(1);
        answer.GetProperty("toolCalls").EnumerateArray().Count(call => call.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String).ShouldBe(2);
        answer.GetProperty("unmapped")[0].Text("nearest").ShouldBe("An HTTP request to one.");
    }

    [Fact]
    public async Task Message_OnAProviderThatHangs_EndsInTimeWithTheDraftAsItWas()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        server.Otherwise = _ => ModelScript.Hangs();
        await using var app = await StartAsync(server, "00:00:01");
        using var client = await app.SignInAsync(LabApp.Editor);
        var path = await MakeAsync(client);

        using var asked = await client.PostAsJsonAsync($"{path}/builder/messages", new { message = "wait 2 hours" });

        asked.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        (await asked.JsonAsync()).Text("code").ShouldBe("builder_timeout");
        (await GetAsync(client, path)).GetProperty("revision").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Message_OnAProviderThatIsDown_SaysSo()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        server.Otherwise = _ => ModelScript.Fails(503, "down");
        await using var app = await StartAsync(server);
        using var client = await app.SignInAsync(LabApp.Editor);

        using var asked = await client.PostAsJsonAsync($"{await MakeAsync(client)}/builder/messages", new { message = "wait 2 hours" });
        var answer = await asked.JsonAsync();

        if (asked.StatusCode == HttpStatusCode.OK)
        {
            // The rehearsal model is set to stand in, and says so.
            answer.Text("standsInFor").ShouldNotBeEmpty();
            answer.Text("text").ShouldContain("stands in");
            return;
        }

        asked.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Text("code").ShouldBe("model_unavailable");
    }

    private static Task<LabApp> StartAsync(OpenAiTestServer server, string limit = "00:02:00", params (string Name, string Value)[] more) => LabApp.StartAsync(builder =>
    {
        builder.Configuration["AgentLab:Providers:own:Endpoint"] = server.Endpoint.ToString();
        builder.Configuration["AgentLab:Providers:own:ApiKey"] = "key";
        builder.Configuration["AgentLab:Providers:own:Models:0"] = "test-model";
        builder.Configuration["AgentLab:Models:Default"] = "own/test-model";
        builder.Configuration["AgentLab:Models:Ollama:Enabled"] = "false";
        builder.Configuration["AgentLab:Models:RetryDelay"] = "00:00:00.010";
        builder.Configuration["AgentLab:Models:RehearsalWordPace"] = "00:00:00";
        builder.Configuration["AgentLab:Builder:TimeLimit"] = limit;
        foreach (var (name, value) in more)
        {
            builder.Configuration[name] = value;
        }
    });

    private static async Task<string> MakeAsync(HttpClient client)
    {
        using var created = await client.PostAsJsonAsync("/api/v1/workflows", new { name = $"Orders {Guid.NewGuid():N}" });
        return $"/api/v1/workflows/{(await created.JsonAsync()).Text("id")}";
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) => JsonElement.Parse(await client.GetStringAsync(path));
}

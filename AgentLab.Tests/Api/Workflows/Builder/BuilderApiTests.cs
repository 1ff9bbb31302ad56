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
    public async Task Message_UnderAKeyThatHasLanded_GetsTheSameAnswerWhateverBecameOfTheDraft()
    {
        await using var app = await LabApp.StartAsync(builder => builder.Configuration["AgentLab:Models:RehearsalWordPace"] = "00:00:00");
        using var client = await app.SignInAsync(LabApp.Editor);
        var path = await MakeAsync(client);

        using var asked = await client.SendJsonAsync(HttpMethod.Post, $"{path}/builder/messages", new { message = "wait 2 hours", revision = 1 }, key: "k");
        var answer = await asked.JsonAsync();
        using var accepted = await client.SendJsonAsync(HttpMethod.Put, path, new { definition = answer.GetProperty("updatedGraph"), revision = 1 });
        using var again = await client.SendJsonAsync(HttpMethod.Post, $"{path}/builder/messages", new { message = "wait 2 hours", revision = 1 }, key: "k");
        using var other = await client.SendJsonAsync(HttpMethod.Post, $"{path}/builder/messages", new { message = "wait 2 hours", revision = 2 }, key: "k");
        using var late = await client.SendJsonAsync(HttpMethod.Post, $"{path}/builder/messages", new { message = "wait 2 hours", revision = 1 }, key: "l");

        accepted.StatusCode.ShouldBe(HttpStatusCode.OK);
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        JsonElement.DeepEquals(await again.JsonAsync(), answer).ShouldBeTrue();
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        late.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await late.JsonAsync()).GetProperty("revision").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task Message_ThatNamesABlock_UsesIt_OnTheRulesAndOnAProvider()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        server.Next(
            ModelScript.Calls(new ScriptedCall("c1", "list_kinds", "{}")),
            ModelScript.Calls(
                new ScriptedCall("c2", "add_block", """{"block": "ask the CARRIER", "id": "carrier", "phrase": "ask the carrier"}"""),
                new ScriptedCall("c3", "add_block", """{"block": "Make tea"}""")),
            ModelScript.Says("I propose the carrier."));
        await using var app = await StartAsync(server);
        using var client = await app.SignInAsync(LabApp.Editor);
        using var block = await client.PostAsJsonAsync(
            "/api/v1/action-blocks", new { name = "Ask the carrier", description = "Where a parcel is.", kind = "http_request", settings = new { url = "https://carrier.example/" }, keywords = new[] { "parcel" } });
        block.StatusCode.ShouldBe(HttpStatusCode.Created);

        using var asked = await client.PostAsJsonAsync($"{await MakeAsync(client)}/builder/messages", new { message = "Ask the carrier, then make tea." });
        var answer = await asked.JsonAsync();
        server.Otherwise = _ => ModelScript.Fails(503, "down");

        asked.StatusCode.ShouldBe(HttpStatusCode.OK, answer.ToString());
        server.Requests[1].ToString()!.ShouldContain("Where a parcel is.");
        var node = answer.GetProperty("updatedGraph").GetProperty("nodes").EnumerateArray().ShouldHaveSingleItem();
        (node.Text("id"), node.Text("name"), node.GetProperty("settings").Text("url")).ShouldBe(("carrier", "Ask the carrier", "https://carrier.example/"));
        answer.GetProperty("detectedActions")[0].Text("label").ShouldBe("Added the action block “Ask the carrier”");
        answer.GetProperty("toolCalls").EnumerateArray().Last().Text("error").ShouldContain("There are: Ask the carrier.");
    }

    [Fact]
    public async Task Message_OfAnyKind_EndsInAProposalOrAClearErrorAndLeavesTheDraft()
    {
        await using var app = await LabApp.StartAsync(builder => builder.Configuration["AgentLab:Models:RehearsalWordPace"] = "00:00:00");
        using var client = await app.SignInAsync(LabApp.Editor);
        var path = await MakeAsync(client);
        var before = (await GetAsync(client, path)).GetProperty("definition").GetRawText();

        foreach (var message in new[]
        {
            "x", "?", "🙂", "{{", "\u0000\u0001", "<script>alert(1)</script>", "when if then else", "remove everything", new string('a', 5_000), string.Concat(Enumerable.Repeat("wait 1 hour. ", 384)),
            string.Concat(Enumerable.Repeat("if x is 1 then ", 300)), "Every day at 9 mail the customer", "\ud83d broken", "ask ask ask and and and", "; ; ;", "connect it to it",
        })
        {
            using var asked = await client.PostAsJsonAsync($"{path}/builder/messages", new { message });
            var answer = await asked.JsonAsync();
            if (asked.StatusCode == HttpStatusCode.OK)
            {
                using var valid = await client.PostAsJsonAsync("/api/v1/workflows", new { definition = WithName(answer.GetProperty("updatedGraph")) });
                valid.StatusCode.ShouldBe(HttpStatusCode.Created, $"{message[..Math.Min(40, message.Length)]}: {await valid.Content.ReadAsStringAsync()}");
            }
            else
            {
                ((int)asked.StatusCode).ShouldBeInRange(400, 499, answer.ToString());
                (answer.Text("code").Length > 0 && answer.Text("detail").Length + answer.GetProperty("errors").GetPropertyCount() > 0).ShouldBeTrue(answer.ToString());
            }
        }

        var after = await GetAsync(client, path);
        after.GetProperty("definition").GetRawText().ShouldBe(before);
        after.GetProperty("revision").GetInt64().ShouldBe(1);
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

    private static System.Text.Json.Nodes.JsonNode WithName(JsonElement definition)
    {
        var node = System.Text.Json.Nodes.JsonNode.Parse(definition.GetRawText())!;
        node["name"] = $"Copy {Guid.NewGuid():N}";
        return node;
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) => JsonElement.Parse(await client.GetStringAsync(path));
}

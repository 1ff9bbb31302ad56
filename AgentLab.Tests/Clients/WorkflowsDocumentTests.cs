using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentLab.Tests.Api;

namespace AgentLab.Tests.Clients;

/// <summary>Runs the programs of docs/workflows-api.md as they stand there.</summary>
public sealed partial class WorkflowsDocumentTests : IAsyncLifetime
{
    private const string Secret = "a-secret-of-thirty-two-characters";

    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "workflows-api.md")).ReplaceLineEndings("\n");

    private LabApp _app = null!;

    public async Task InitializeAsync() =>
        _app = await LabApp.StartAsync(builder => builder.Configuration["AgentLab:Secrets:shop"] = Secret);

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Curl_AsDocumented_ImportsRunsAndReads()
    {
        var folder = Directory.CreateTempSubdirectory("agentlab-workflow-");
        var environment = new Dictionary<string, string>
        {
            ["LAB_URL"] = _app.BaseAddress.ToString().TrimEnd('/'),
            ["LAB_EMAIL"] = LabApp.Admin,
            ["LAB_PASSWORD"] = LabApp.Password,
        };

        var output = await Programs.RunAsync("bash", ["-eu", "-c", Under("curl")], folder.FullName, environment);

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("[\"order-note\",1]");
        lines[1].ShouldBe("[\"completed\",{\"note\":\"Order 4711 is noted\"}]");
        lines.ShouldContain("[\"note\",\"completed\"]");
        lines[^1].ShouldStartWith("[\"invalid\",{");
        lines[^1].ShouldContain("order");
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Messages_AsDocumented_AreAnsweredByTheWorkflow()
    {
        using var client = await _app.SignInAsync();
        var talk = Api.Workflows.HookDefinitions.Talk("Talk of the document", Api.Workflows.HookDefinitions.Node("say", "respond", """{"body": "You said {{data.message}}"}"""));
        using var made = await client.PostAsJsonAsync("/api/v1/workflows", new { definition = talk });
        var id = (await made.JsonAsync()).Text("id");
        (await client.PostAsync($"/api/v1/workflows/{id}/publish", null)).EnsureSuccessStatusCode();
        var environment = new Dictionary<string, string>
        {
            ["LAB_URL"] = _app.BaseAddress.ToString().TrimEnd('/'),
            ["TALK_WORKFLOW"] = id,
            ["token"] = client.DefaultRequestHeaders.Authorization!.Parameter!,
        };

        var output = await Programs.RunAsync("bash", ["-eu", "-c", Under("Messages")], Path.GetTempPath(), environment);

        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["[\"completed\",\"You said Hello there\"]", "You said And now?"]);
    }

    [Fact]
    public async Task JavaScript_EditWhileAnotherEdits_KeepsBoth()
    {
        using var client = await _app.SignInAsync();
        using var made = await client.PostAsJsonAsync("/api/v1/workflows", new { name = "Edited by two" });
        var id = (await made.JsonAsync()).Text("id");
        const string Harness = """
            import { editWorkflow } from "./edit-workflow.mjs";
            const [url, token, id] = process.argv.slice(2);
            const tag = (word) => (definition) => ({ ...definition, tags: [...definition.tags, word] });
            await Promise.all(["a", "b", "c"].map((word) => editWorkflow({ url, token, id, change: tag(word) })));
            console.log("done");
            """;

        await RunNodeAsync("edit-workflow.mjs", Harness, _app.BaseAddress.ToString().TrimEnd('/'), client.DefaultRequestHeaders.Authorization!.Parameter!, id);

        var workflow = JsonElement.Parse(await client.GetStringAsync($"/api/v1/workflows/{id}"));
        workflow.GetProperty("definition").GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).ShouldBe(["a", "b", "c"], ignoreOrder: true);
    }

    [Fact]
    public async Task JavaScript_SignedWebhook_IsAnswered()
    {
        using var client = await _app.SignInAsync();
        using var made = await client.PostAsJsonAsync("/api/v1/workflows", new { definition = Api.Workflows.HookDefinitions.Echo("signed-echo", "shop") });
        (await client.PostAsync($"/api/v1/workflows/{(await made.JsonAsync()).Text("id")}/publish", null)).EnsureSuccessStatusCode();
        const string Harness = """
            import { callWebhook } from "./call-webhook.mjs";
            const [url, secret] = process.argv.slice(2);
            const good = await callWebhook({ url, slug: "signed-echo", secret, body: { order: 4711 } });
            const bad = await callWebhook({ url, slug: "signed-echo", secret: "another", body: { order: 4711 } });
            console.log(JSON.stringify([good, bad.status]));
            """;

        var output = await RunNodeAsync("call-webhook.mjs", Harness, _app.BaseAddress.ToString().TrimEnd('/'), Secret);

        output.ShouldContain("\"status\":200");
        output.ShouldContain("4711");
        output.TrimEnd().ShouldEndWith(",401]");
    }

    private static string Under(string heading) =>
        Blocks().Match(Text, Text.IndexOf($"\n## {heading}\n", StringComparison.Ordinal)).Groups[1].Value;

    private static async Task<string> RunNodeAsync(string module, string harness, params string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("agentlab-workflow-");
        try
        {
            var program = Blocks().Matches(Text).Select(m => m.Groups[1].Value).Single(b => b.StartsWith($"// {module}\n", StringComparison.Ordinal));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, module), program);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "harness.mjs"), harness);
            return await Programs.RunAsync("node", ["harness.mjs", .. args], folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"```\w+\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}

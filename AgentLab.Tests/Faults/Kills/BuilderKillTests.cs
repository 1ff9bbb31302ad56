using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Tests.Api;
using AgentLab.Tests.Fakes.OpenAiServer;
using Xunit.Abstractions;

namespace AgentLab.Tests.Faults.Kills;

/// <summary>
/// <c>kill -9</c> while the builder works on a message: the canvas is as it was, and the same message under the same key gets its one answer from the next process. Few kills as a
/// rule, 12 with <c>AGENTLAB_TEST_FULL=1</c>.
/// </summary>
public sealed class BuilderKillTests(ITestOutputHelper output)
{
    private const int LongestWorkMs = 900;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(12);

    [Fact]
    public async Task Kill_WhileTheBuilderWorks_LeavesTheCanvasAndAnswersTheSameKeyOnce()
    {
        var seed = Counts.Seed();
        output.WriteLine($"AGENTLAB_TEST_SEED={seed}");
        var random = new Random(seed);
        await using var lab = await KilledLab.StartAsync(answer: Build);
        var path = await MakeAsync((await lab.LivingAsync()).Client);
        var before = await GetAsync(lab, path);
        var runs = new List<string>();
        var kills = Counts.Of(quick: 2, full: 12);
        for (var kill = 0; kill < kills; kill++)
        {
            var asked = AskAsync(lab, path, $"key-{kill}");
            await Task.Delay(random.Next(10, LongestWorkMs));
            await lab.KillAsync();
            await lab.ReviveAsync();
            var answer = await asked;

            (await GetAsync(lab, path)).GetRawText().ShouldBe(before.GetRawText(), $"the draft after kill {kill} (AGENTLAB_TEST_SEED={seed})");
            answer.GetProperty("updatedGraph").GetProperty("nodes").EnumerateArray().Select(node => node.Text("id")).ShouldBe(["start", "pause"]);
            runs.Add(answer.Text("runId"));
        }

        runs.ShouldBeUnique();
        var conversation = await GetAsync(lab, $"{path}/builder/messages");
        conversation.GetProperty("items").EnumerateArray().Select(item => item.Text("status")).ShouldBe(Enumerable.Repeat("answered", kills), $"each message was taken once (AGENTLAB_TEST_SEED={seed})");
        output.WriteLine($"{kills} messages, {lab.Model.Requests.Count} requests to the model");
    }

    /// <summary>Looks, adds two nodes one after the other, and says so.</summary>
    private static ModelScript Build(ReceivedRequest request) => request.MessagesSinceUser switch
    {
        0 => ModelScript.Says("I look at the workflow first, to see what is there.", Pace).Call(new ScriptedCall("a", "look_at_workflow", "{}")),
        2 => ModelScript.Says("It begins by hand.", Pace).Call(new ScriptedCall("b", "add_node", """{"kind": "manual_trigger", "id": "start"}""")),
        4 => ModelScript.Says("Then it waits.", Pace).Call(
            new ScriptedCall("c", "add_node", """{"kind": "wait", "id": "pause", "after": ["start"], "settings": {"for": "time", "amount": 5, "unit": "minutes"}}""")),
        _ => ModelScript.Says("I propose a start and a pause, and nothing else for now.", Pace),
    };

    private static async Task<string> MakeAsync(HttpClient client)
    {
        using var made = await client.PostAsJsonAsync("/api/v1/workflows", new { name = "Built" });
        made.IsSuccessStatusCode.ShouldBeTrue(await made.Content.ReadAsStringAsync());
        return $"/api/v1/workflows/{(await made.JsonAsync()).Text("id")}";
    }

    private static async Task<JsonElement> GetAsync(KilledLab lab, string path) => JsonElement.Parse(await (await lab.LivingAsync()).Client.GetStringAsync(path));

    /// <summary>Sends the message until it is answered, always under its key.</summary>
    private static async Task<JsonElement> AskAsync(KilledLab lab, string path, string key)
    {
        while (true)
        {
            var living = await lab.LivingAsync();
            try
            {
                using var response = await living.Client.SendJsonAsync(HttpMethod.Post, $"{path}/builder/messages", new { message = $"Start by hand, then wait: {key}." }, key);
                var body = await response.Content.ReadAsStringAsync();
                response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
                return JsonElement.Parse(body);
            }
            catch (Exception e) when (KillClient.IsDeath(e))
            {
                await Task.Delay(20);
            }
        }
    }
}

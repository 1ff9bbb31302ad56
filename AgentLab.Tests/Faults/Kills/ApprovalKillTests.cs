using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Tests.Api;
using Xunit.Abstractions;

namespace AgentLab.Tests.Faults.Kills;

/// <summary><c>kill -9</c> while a question waits, and right at its answer: it is asked once, decided once, and its call has one end.</summary>
public sealed class ApprovalKillTests(ITestOutputHelper output)
{
    private const int LongestMs = 60;

    [Fact]
    public async Task Kill_WhileItWaitsAndAtTheAnswer_TheCallIsMadeOnce()
    {
        var seed = Counts.Seed();
        output.WriteLine($"AGENTLAB_TEST_SEED={seed}");
        var random = new Random(seed);
        await using var lab = await KilledLab.StartAsync();
        var session = await AskAsync(lab);
        (await PendingAsync(lab, 1)).Count.ShouldBe(1);

        await lab.KillAsync();
        await lab.ReviveAsync();
        var kills = Counts.Of(quick: 1, full: 12);
        for (var kill = 0; ; kill++)
        {
            var open = await PendingAsync(lab, 0);
            if (open.Count == 0)
            {
                var status = await StatusAsync(lab, session);
                status.ShouldBeOneOf("running", "waiting", "completed");
                if (status == "completed")
                {
                    break;
                }

                await Task.Delay(20);
                continue;
            }

            var answered = DecideAsync((await lab.LivingAsync()).Client, open[0]);
            if (kill < kills)
            {
                await Task.Delay(random.Next(LongestMs));
                await lab.KillAsync();
                await lab.ReviveAsync();
            }

            // What was not acknowledged is sent again: it has landed, or nobody has recorded it.
            if (await answered is not (HttpStatusCode.OK or HttpStatusCode.Conflict))
            {
                (await DecideAsync((await lab.LivingAsync()).Client, open[0])).ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Conflict);
            }
        }

        var events = await EventsAsync(lab, session);
        events.Select(e => e.GetProperty("sequence").GetInt64()).ShouldBe(Enumerable.Range(1, events.Count).Select(n => (long)n));
        var asked = OfType(events, "approval.requested").Select(e => e.GetProperty("data").Text("approvalId")).ToList();
        asked.Count.ShouldBe(2);
        OfType(events, "approval.decided").Select(e => e.GetProperty("data").Text("approvalId")).ShouldBe(asked, ignoreOrder: true);
        foreach (var call in new[] { "call_a", "call_c" })
        {
            OfType(events, "tool.requested").Count(e => e.GetProperty("data").Text("callId") == call).ShouldBe(1, call);
            OfType(events, "tool.completed").Count(e => e.GetProperty("data").Text("callId") == call).ShouldBe(1, call);
        }
    }

    private static IEnumerable<JsonElement> OfType(IEnumerable<JsonElement> events, string type) => events.Where(e => e.Text("type") == type);

    /// <summary>An agent whose turns call the calculator twice, in two rounds, and which asks before each.</summary>
    private static async Task<string> AskAsync(KilledLab lab)
    {
        var client = (await lab.LivingAsync()).Client;
        using var made = await client.PostAsJsonAsync(
            "/api/v1/agents",
            new { name = "Careful", instructions = "Work.", tools = new[] { "calculator", "date_time" }, approvals = new { ask = "never", tools = new[] { "calculator" } } });
        made.EnsureSuccessStatusCode();
        using var started = await client.PostAsJsonAsync("/api/v1/sessions", new { agent = "careful", message = "Do marker-1-1." });
        started.EnsureSuccessStatusCode();
        return (await started.JsonAsync()).Text("id");
    }

    /// <summary>The open questions, when there are so many.</summary>
    private static async Task<List<JsonElement>> PendingAsync(KilledLab lab, int atLeast)
    {
        var open = new List<JsonElement>();
        await Eventually.TrueAsync(async () =>
        {
            var client = (await lab.LivingAsync()).Client;
            open = [.. JsonElement.Parse(await client.GetStringAsync("/api/v1/approvals")).GetProperty("items").EnumerateArray()];
            return open.Count >= atLeast;
        });
        return open;
    }

    private static async Task<HttpStatusCode?> DecideAsync(HttpClient client, JsonElement question)
    {
        try
        {
            using var response = await client.PostAsJsonAsync($"/api/v1/approvals/{question.Text("id")}/decision", new { decision = "approve", hash = question.Text("hash") });
            return response.StatusCode;
        }
        catch (Exception dead) when (dead is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }

    private static async Task<string> StatusAsync(KilledLab lab, string session) =>
        JsonElement.Parse(await (await lab.LivingAsync()).Client.GetStringAsync($"/api/v1/sessions/{session}")).Text("status");

    private static async Task<List<JsonElement>> EventsAsync(KilledLab lab, string session)
    {
        var page = JsonElement.Parse(await (await lab.LivingAsync()).Client.GetStringAsync($"/api/v1/sessions/{session}/events?limit=500"));
        return [.. page.GetProperty("events").EnumerateArray()];
    }
}

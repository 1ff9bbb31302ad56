using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace AgentLab.Tests.Api.Approvals;

/// <summary>The questions of agents over the API; those of workflows are in the tests of their runs.</summary>
public sealed class ApprovalsApiTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    [Fact]
    public async Task Question_OfAnAgent_IsListedAnsweredWithOtherArgumentsAndKept()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        using var other = await fixture.App.SignInAsync("approvals.other@agentlab.test");
        var (session, open) = await AskAsync(client);
        var address = $"/api/v1/approvals/{open.Text("id")}";

        (open.Text("kind"), open.Text("tool"), open.Text("effect"), open.Text("status")).ShouldBe(("tool", "calculator", "read", "pending"));
        open.GetProperty("details").Text("expression").ShouldContain("480");
        open.Text("sessionId").ShouldBe(session);
        (await other.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await CodeAsync(other, address, new { decision = "approve", hash = open.Text("hash") })).ShouldBe((404, "not_found"));
        (await CodeAsync(client, address, new { decision = "approve", hash = new string('0', 64) })).ShouldBe((409, "approval_changed"));
        (await CodeAsync(client, address, new { decision = "approve", hash = open.Text("hash"), arguments = new { expression = 7 } })).ShouldBe((400, "invalid"));

        var body = new { decision = "approve", hash = open.Text("hash"), arguments = new { expression = "2 + 3" }, reason = "Smaller." };
        using var right = await client.SendJsonAsync(HttpMethod.Post, $"{address}/decision", body, key: "approve-once");
        using var replayed = await client.SendJsonAsync(HttpMethod.Post, $"{address}/decision", body, key: "approve-once");
        right.StatusCode.ShouldBe(HttpStatusCode.OK, await right.Content.ReadAsStringAsync());
        replayed.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CodeAsync(client, address, new { decision = "reject", hash = open.Text("hash") })).ShouldBe((409, "approval_decided"));

        await Eventually.TrueAsync(async () => JsonElement.Parse(await client.GetStringAsync($"/api/v1/sessions/{session}")).Text("status") == "completed");
        var decided = JsonElement.Parse(await client.GetStringAsync("/api/v1/approvals?status=decided&mine=true")).GetProperty("items").EnumerateArray().Single(a => a.Text("id") == open.Text("id"));
        (decided.Text("status"), decided.Text("reason"), decided.GetProperty("decidedData").Text("expression")).ShouldBe(("approved", "Smaller.", "2 + 3"));
        decided.Text("decidedHash").ShouldNotBe(decided.Text("hash"));
        (await client.EventTypesAsync(session)).Where(type => type.StartsWith("approval", StringComparison.Ordinal) || type.StartsWith("tool", StringComparison.Ordinal))
            .ShouldBe(["approval.requested", "approval.decided", "tool.requested", "tool.completed"]);
    }

    [Fact]
    public async Task Questions_ComeInPagesWithoutGaps()
    {
        using var client = await fixture.App.SignInAsync("approvals.pages@agentlab.test");
        var asked = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            asked.Add((await AskAsync(client)).Open.Text("id"));
        }

        var listed = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = JsonElement.Parse(await client.GetStringAsync($"/api/v1/approvals?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}"));
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(a => a.Text("id")));
            cursor = page.GetProperty("nextCursor").GetString();
            if (cursor is null)
            {
                break;
            }
        }

        listed.ShouldBe(asked);
        var elsewhere = JsonElement.Parse(await client.GetStringAsync($"/api/v1/approvals?project={Guid.NewGuid()}"));
        elsewhere.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    private static async Task<(string Session, JsonElement Open)> AskAsync(HttpClient client)
    {
        using var made = await client.PostAsJsonAsync(
            "/api/v1/agents", new { name = $"Asks {Guid.NewGuid():N}", tools = new[] { "calculator" }, approvals = new { ask = "never", tools = new[] { "calculator" } } });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        using var started = await client.PostAsJsonAsync("/api/v1/sessions", new { agent = (await made.JsonAsync()).Text("slug"), message = "What is 12.5% of 480?" });
        started.IsSuccessStatusCode.ShouldBeTrue();
        var session = (await started.JsonAsync()).Text("id");
        JsonElement? open = null;
        await Eventually.TrueAsync(async () =>
        {
            var items = JsonElement.Parse(await client.GetStringAsync("/api/v1/approvals?limit=100")).GetProperty("items").EnumerateArray().Where(a => a.Text("sessionId") == session).ToList();
            open = items.Count == 1 ? items[0] : null;
            return open is not null;
        });
        return (session, open!.Value);
    }

    private static async Task<(int Status, string Code)> CodeAsync(HttpClient client, string address, object body)
    {
        using var response = await client.PostAsJsonAsync($"{address}/decision", body);
        return ((int)response.StatusCode, (await response.JsonAsync()).Text("code"));
    }
}

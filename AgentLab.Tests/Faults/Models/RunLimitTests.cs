using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Tests.Api;

namespace AgentLab.Tests.Faults.Models;

/// <summary>A model that never comes to an end is ended by each of the limits, with its reason in the log and in the answer: in an agent's run and in a workflow's.</summary>
public sealed class RunLimitTests(PricedApp app) : IClassFixture<PricedApp>
{
    private static readonly string[] Tools = ["calculator"];

    [Theory]
    [InlineData("cost", 0.7, 0.6, 0.9, 3)]
    [InlineData("tokens", 250_000, 220_000, 330_000, 3)]
    [InlineData("steps", 10, 8, 10, 5)]
    public async Task Agent_ThatReachesALimit_IsWarnedOnceAndEndsWithTheReason(string limit, decimal allowed, decimal warnedAt, decimal used, int calls)
    {
        await MakeAgentAsync(limit, new Dictionary<string, decimal> { [limit] = allowed });

        var turn = await FaultApp.AskAsync(app.Client, limit);

        turn.End.ShouldBe($"run.failed limit_{limit}");
        Said(turn, "budget.warned").ShouldBe((limit, allowed, warnedAt));
        Said(turn, "budget.exceeded").ShouldBe((limit, allowed, used));
        var failed = FaultTurn.Data(turn.Events[^1]);
        failed.GetProperty("message").GetString()!.ShouldContain($"limit of {limit}");
        failed.GetProperty("canRetry").GetBoolean().ShouldBeFalse();
        failed.GetProperty("usage").GetProperty("cost").GetDecimal().ShouldBe(calls * 0.3m);
        var session = JsonElement.Parse(await app.Client.GetStringAsync($"/api/v1/sessions/{turn.SessionId}"));
        (session.Text("status"), session.GetProperty("usage").GetProperty("cost").GetDecimal()).ShouldBe(("failed", calls * 0.3m));
    }

    [Fact]
    public async Task Agent_ThatReachesItsSeconds_EndsWithTheReasonAndLetsTheCallGo()
    {
        await MakeAgentAsync("seconds", new Dictionary<string, decimal> { ["seconds"] = 1 });

        var turn = await FaultApp.AskAsync(app.Client, "seconds", PricedApp.Hang);

        turn.End.ShouldBe("run.failed limit_seconds");
        Said(turn, "budget.exceeded").ShouldSatisfyAllConditions(said => said.Limit.ShouldBe("seconds"), said => said.Allowed.ShouldBe(1), said => said.Used.ShouldBeGreaterThanOrEqualTo(1));
        turn.Codes("step.failed").ShouldAllBe(code => code == "limit_seconds");
    }

    [Theory]
    [InlineData("cost", 0.25, 0.3)]
    [InlineData("tokens", 100_000, 110_000)]
    public async Task Workflow_ThatReachesItsLimit_EndsBeforeItsNextNodeWithTheReason(string limit, decimal allowed, decimal used)
    {
        using var made = await app.Client.PostAsJsonAsync("/api/v1/workflows", new { definition = Workflow(limit, allowed) });
        made.IsSuccessStatusCode.ShouldBeTrue(await made.Content.ReadAsStringAsync());
        var path = $"/api/v1/workflows/{(await made.JsonAsync()).Text("id")}";
        using var published = await app.Client.PostAsJsonAsync($"{path}/publish", new { });
        published.IsSuccessStatusCode.ShouldBeTrue(await published.Content.ReadAsStringAsync());

        using var answer = await app.Client.PostAsJsonAsync($"{path}/runs?wait=30", new { });
        var run = await answer.JsonAsync();

        (run.Text("status"), run.GetProperty("error").Text("code")).ShouldBe(("failed", $"limit_{limit}"));
        run.GetProperty("error").Text("message").ShouldContain($"its limit of {allowed:0.####} {limit}");
        app.Server.Requests.Count(request => request.LastText("user") == PricedApp.Once + limit).ShouldBe(1);
        var page = JsonElement.Parse(await app.Client.GetStringAsync($"/api/v1/sessions/{run.Text("sessionId")}/events?limit=500"));
        Said(new FaultTurn(run.Text("sessionId"), [.. page.GetProperty("events").EnumerateArray()]), "budget.exceeded").ShouldBe((limit, allowed, used));
    }

    private static object Workflow(string limit, decimal allowed) => new
    {
        format = "agentlab.workflow/1",
        name = $"Limited by {limit}",
        limits = new Dictionary<string, decimal> { [limit] = allowed },
        nodes = new object[]
        {
            new { id = "start", kind = "manual_trigger", name = "Start", settings = new { } },
            new { id = "first", kind = "model_prompt", name = "First", settings = new { prompt = PricedApp.Once + limit, model = "priced/test-model" } },
            new { id = "second", kind = "model_prompt", name = "Second", settings = new { prompt = PricedApp.Once + limit, model = "priced/test-model" } },
        },
        edges = new object[]
        {
            new { id = "e1", from = "start", fromPort = "out", to = "first", toPort = "in" },
            new { id = "e2", from = "first", fromPort = "out", to = "second", toPort = "in" },
        },
    };

    private static (string Limit, decimal Allowed, decimal Used) Said(FaultTurn turn, string type)
    {
        var said = FaultTurn.Data(turn.Of(type).ShouldHaveSingleItem());
        return (said.GetProperty("limit").GetString()!, said.GetProperty("allowed").GetDecimal(), said.GetProperty("used").GetDecimal());
    }

    private async Task MakeAgentAsync(string name, Dictionary<string, decimal> limits)
    {
        using var made = await app.Client.PostAsJsonAsync("/api/v1/agents", new { name, instructions = "Be exact.", model = "priced/test-model", tools = Tools, limits });
        made.IsSuccessStatusCode.ShouldBeTrue(await made.Content.ReadAsStringAsync());
    }
}

using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Tests.Api;
using AgentLab.Tests.Browser;
using AgentLab.Tests.Fakes.OpenAiServer;
using AgentLab.Tests.Faults.Kills;
using Microsoft.Playwright;

namespace AgentLab.Tests.Faults.Nodes;

/// <summary>What people and programs see at the balancer of a cluster when a node dies under them.</summary>
[Collection(BrowserTests.Name)]
public sealed class ClusterTests(BrowserFixture browser)
{
    private const int Words = 60;

    [Fact]
    public async Task Kill_OfANode_TakesNoEventFromAnyViewerAtTheBalancer()
    {
        await using var cluster = await ScriptedCluster.StartAsync();
        cluster.Model.Otherwise = _ => ModelScript.Says(string.Join(' ', Enumerable.Repeat("word", Words)), TimeSpan.FromMilliseconds(100));
        var sessions = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            using var asked = await cluster.Client.PostAsJsonAsync("/api/v1/sessions", new { agent = "worker", message = $"Go {i}." });
            asked.EnsureSuccessStatusCode();
            sessions.Add((await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        var viewers = sessions.SelectMany(session => new[] { session, session }).Select(session => FollowingClient.WatchAsync(cluster.Client, session, patience.Token)).ToList();
        await Eventually.TrueAsync(() => Task.FromResult(cluster.Model.Requests.Count >= sessions.Count));
        await cluster.KillAsync(await cluster.ServedByAsync("/api/v1/sessions", "POST"));
        var seen = await Task.WhenAll(viewers);

        foreach (var events in seen)
        {
            events.Select(e => e.GetProperty("sequence").GetInt64()).ShouldBe(Enumerable.Range(1, events.Count).Select(n => (long)n), "no event lost, none twice");
            events[^1].GetProperty("type").GetString().ShouldBe("run.completed");
        }

        seen.Any(events => events.Any(e => e.GetProperty("type").GetString() == "run.resumed")).ShouldBeTrue("the kill must have hit runs");
        foreach (var session in sessions)
        {
            (await cluster.Client.GetFromJsonAsync<JsonElement>($"/api/v1/sessions/{session}")).GetProperty("status").GetString().ShouldBe("completed");
        }
    }

    [Fact]
    public async Task Kill_OfTheNodeOfAPage_ThePageGoesOnAtTheOther()
    {
        await using var cluster = await ScriptedCluster.StartAsync();
        await using var visitor = await browser.VisitAsync(cluster.Address);
        var page = visitor.Page;
        await page.GotoAsync("/account/sign-in");
        await page.GetByLabel("E-mail or user name").FillAsync(LabProcess.Email);
        await page.GetByLabel("Password").FillAsync(LabProcess.Password);
        await page.Keyboard.PressAsync("Enter");
        await visitor.AtAsync("^(?!.*sign-in)");
        await visitor.StartWithAsync("Worker");
        cluster.Model.Otherwise = _ => ModelScript.Says(string.Join(' ', Enumerable.Range(1, Words).Select(n => n.ToString(CultureInfo.InvariantCulture))), TimeSpan.FromMilliseconds(150));
        await visitor.AskAsync("Outlive your node");
        await Assertions.Expect(visitor.Text).ToContainTextAsync("1 2 3");

        await cluster.KillAsync(await cluster.ServedByAsync("/lab"));

        await Assertions.Expect(visitor.Text).ToContainTextAsync(Words.ToString(CultureInfo.InvariantCulture), new() { Timeout = Visitor.Patience * 3 });
        await visitor.StartedAsync();
        await visitor.EndedAsync();
        await Assertions.Expect(visitor.Messages).ToHaveCountAsync(1);
        await visitor.ShootAsync("after-the-node");
        await visitor.AskAsync("And once more");
        await visitor.EndedAsync();
        visitor.ShouldBeClean([.. Visitor.ComplaintsOfALostLine, "status of 502", "status of 503", "status of 504", "status of 404"]);
    }
}

using System.Net;
using System.Text.Json;

namespace AgentLab.Tests.Api.Sessions;

public sealed class IdempotencyTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    [Fact]
    public async Task StartSession_SameKeyTwice_MakesOneSession()
    {
        using var client = await fixture.App.SignInAsync();
        var body = new { agent = "analyst", message = "How many orders are late?" };
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => client.SendJsonAsync(HttpMethod.Post, "/api/v1/sessions", body, key)));
        using var other = await client.SendJsonAsync(HttpMethod.Post, "/api/v1/sessions", body with { message = "Another question" }, key);

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Created);
        var ids = new HashSet<string>();
        foreach (var answer in answers)
        {
            ids.Add((await answer.JsonAsync()).Text("id"));
        }

        ids.Count.ShouldBe(1);
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await other.JsonAsync()).Text("code").ShouldBe("idempotency_key_reused");
    }

    [Fact]
    public async Task SendMessage_SameKeyTwice_MakesOneMessage()
    {
        using var client = await fixture.App.SignInAsync();
        var id = (await client.AskAsync("How many orders are late?")).Text("id");
        var key = Guid.NewGuid().ToString();

        using var first = await client.SendJsonAsync(HttpMethod.Post, $"/api/v1/sessions/{id}/messages?wait=30", new { text = "And in spring?" }, key);
        using var second = await client.SendJsonAsync(HttpMethod.Post, $"/api/v1/sessions/{id}/messages?wait=30", new { text = "And in spring?" }, key);
        using var other = await client.SendJsonAsync(HttpMethod.Post, $"/api/v1/sessions/{id}/messages", new { text = "And in autumn?" }, key);

        (await second.JsonAsync()).Text("runId").ShouldBe((await first.JsonAsync()).Text("runId"));
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await client.EventTypesAsync(id)).Count(t => t == "message.user").ShouldBe(2);
    }

    [Fact]
    public async Task CreateAgent_SameKeyTwice_MakesOneAgentAndRepeatsTheAnswer()
    {
        using var client = await fixture.App.SignInAsync();
        var body = new { name = $"Once {Guid.NewGuid():N}" };
        var key = Guid.NewGuid().ToString();

        using var first = await client.SendJsonAsync(HttpMethod.Post, "/api/v1/agents", body, key);
        using var second = await client.SendJsonAsync(HttpMethod.Post, "/api/v1/agents", body, key);
        using var other = await client.SendJsonAsync(HttpMethod.Post, "/api/v1/agents", new { name = "Twice" }, key);

        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        second.StatusCode.ShouldBe(HttpStatusCode.Created);
        second.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        second.Headers.Location.ShouldBe(first.Headers.Location);
        JsonElement.DeepEquals(await first.JsonAsync(), await second.JsonAsync()).ShouldBeTrue();
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task CreateAgent_RefusedUnderAKey_LeavesTheKeyFree()
    {
        using var client = await fixture.App.SignInAsync();
        var key = Guid.NewGuid().ToString();

        using var refused = await client.SendJsonAsync(HttpMethod.Post, "/api/v1/agents", new { name = "" }, key);
        using var made = await client.SendJsonAsync(HttpMethod.Post, "/api/v1/agents", new { name = $"Free {Guid.NewGuid():N}" }, key);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Key_OfTwoPeople_AreTwoKeys()
    {
        using var one = await fixture.App.SignInAsync(LabApp.Editor);
        using var two = await fixture.App.SignInAsync(LabApp.Other);
        var key = Guid.NewGuid().ToString();
        var body = new { agent = "analyst", message = "How many orders are late?" };

        using var first = await one.SendJsonAsync(HttpMethod.Post, "/api/v1/sessions", body, key);
        using var second = await two.SendJsonAsync(HttpMethod.Post, "/api/v1/sessions", body, key);

        second.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await second.JsonAsync()).Text("id").ShouldNotBe((await first.JsonAsync()).Text("id"));
    }

    [Fact]
    public async Task Key_TooLong_IsRefused()
    {
        using var client = await fixture.App.SignInAsync();
        var key = new string('k', 256);

        foreach (var (path, body) in new (string, object)[] { ("/api/v1/sessions", new { agent = "analyst", message = "Hello" }), ("/api/v1/agents", new { name = "Long" }) })
        {
            using var response = await client.SendJsonAsync(HttpMethod.Post, path, body, key);
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await response.JsonAsync()).GetProperty("errors").TryGetProperty("Idempotency-Key", out _).ShouldBeTrue();
        }
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Tests.Fakes.OpenAiServer;
using AgentLab.Tests.Faults.Models;

namespace AgentLab.Tests.Api.Sessions;

public sealed class NotesApiTests(PricedApp fixture) : IClassFixture<PricedApp>
{
    private const string Remark = "Ask the carrier about this one. — Ümläut 🦉";

    [Fact]
    public async Task Note_WhileARunGoesOnAndAfterIt_IsInTheLogAndShownToNoModel()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Server.Next(ModelScript.Says("Half an answer").WaitFor(gate.Task));
        var id = await StartAsync("During");
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Server.Requests.Any(request => request.LastText("user") == "During")));

        using var during = await fixture.Client.PostAsJsonAsync($"/api/v1/sessions/{id}/notes", new { text = $"  {Remark}\n" });
        gate.SetResult();
        await EndedAsync(id);
        using var after = await fixture.Client.PostAsJsonAsync($"/api/v1/sessions/{id}/notes", new { text = "And after it." });
        using var sent = await fixture.Client.PostAsJsonAsync($"/api/v1/sessions/{id}/messages?wait=30", new { text = $"{PricedApp.Once}again" });

        during.StatusCode.ShouldBe(HttpStatusCode.Created, await during.Content.ReadAsStringAsync());
        (after.StatusCode, sent.StatusCode).ShouldBe((HttpStatusCode.Created, HttpStatusCode.OK));
        var answer = await during.JsonAsync();
        var events = await EventsAsync(id);
        var note = events.Single(e => e.GetProperty("sequence").GetInt64() == answer.GetProperty("sequence").GetInt64());
        (note.Text("type"), note.GetProperty("data").Text("text")).ShouldBe(("note.added", Remark));
        note.TryGetProperty("runId", out _).ShouldBeFalse("a note belongs to no run");
        JsonElement.Parse(await fixture.Client.GetStringAsync(during.Headers.Location)).GetProperty("events").EnumerateArray().ShouldHaveSingleItem().Text("type").ShouldBe("note.added");
        events.Count(e => e.Text("type") == "run.completed").ShouldBe(2);
        fixture.Server.Requests.ShouldAllBe(request => !request.Body.GetRawText().Contains("carrier") && !request.Body.GetRawText().Contains("And after it"));
    }

    [Fact]
    public async Task Note_SentTwiceUnderOneKey_IsOneNote()
    {
        var id = await StartAsync($"{PricedApp.Once}twice");
        await EndedAsync(id);

        using var first = await fixture.Client.SendJsonAsync(HttpMethod.Post, $"/api/v1/sessions/{id}/notes", new { text = "Once" }, key: "one note");
        using var second = await fixture.Client.SendJsonAsync(HttpMethod.Post, $"/api/v1/sessions/{id}/notes", new { text = "Once" }, key: "one note");
        using var other = await fixture.Client.SendJsonAsync(HttpMethod.Post, $"/api/v1/sessions/{id}/notes", new { text = "Other" }, key: "one note");

        (first.StatusCode, second.StatusCode, other.StatusCode).ShouldBe((HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.UnprocessableEntity));
        (await second.JsonAsync()).Text("sequence").ShouldBe((await first.JsonAsync()).Text("sequence"));
        (await EventsAsync(id)).Count(e => e.Text("type") == "note.added").ShouldBe(1);
    }

    [Fact]
    public async Task Note_OfSomebodyElseOrWithoutWords_IsRefused()
    {
        var id = await StartAsync($"{PricedApp.Once}refused");
        await EndedAsync(id);
        using var other = await fixture.SignInAsync(LabApp.Other);
        using var viewer = await fixture.SignInAsync(LabApp.Viewer);
        var path = $"/api/v1/sessions/{id}/notes";

        using var stranger = await other.PostAsJsonAsync(path, new { text = "Mine?" });
        using var reading = await viewer.PostAsJsonAsync(path, new { text = "Mine?" });
        using var empty = await fixture.Client.PostAsJsonAsync(path, new { text = " \n " });
        using var long_ = await fixture.Client.PostAsJsonAsync(path, new { text = new string('n', 5_001) });
        using var most = await fixture.Client.PostAsJsonAsync(path, new { text = new string('n', 5_000) });

        (stranger.StatusCode, reading.StatusCode).ShouldBe((HttpStatusCode.NotFound, HttpStatusCode.NotFound));
        foreach (var wrong in (HttpResponseMessage[])[empty, long_])
        {
            wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await wrong.JsonAsync()).GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(["text"]);
        }

        most.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await EventsAsync(id)).Count(e => e.Text("type") == "note.added").ShouldBe(1);
    }

    private async Task<string> StartAsync(string message)
    {
        using var made = await fixture.Client.PostAsJsonAsync("/api/v1/agents", new { name = $"Noted {Guid.NewGuid():N}", instructions = "Be exact.", model = "priced/test-model" });
        using var started = await fixture.Client.PostAsJsonAsync("/api/v1/sessions", new { agent = (await made.JsonAsync()).Text("id"), message });
        started.IsSuccessStatusCode.ShouldBeTrue(await started.Content.ReadAsStringAsync());
        return (await started.JsonAsync()).Text("id");
    }

    private Task EndedAsync(string id) => Eventually.TrueAsync(
        async () => JsonElement.Parse(await fixture.Client.GetStringAsync($"/api/v1/sessions/{id}")).Text("status") == "completed");

    private async Task<List<JsonElement>> EventsAsync(string id) =>
        [.. JsonElement.Parse(await fixture.Client.GetStringAsync($"/api/v1/sessions/{id}/events?limit=500")).GetProperty("events").EnumerateArray()];
}

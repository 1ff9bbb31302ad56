using System.Net.Http.Json;
using System.Text.Json;

namespace AgentLab.Tests.Api.Tasks;

/// <summary>Tasks that do not come to their end by themselves: each ends in a state that says so.</summary>
public sealed class HardTasksTests : IAsyncLifetime
{
    private LabApp _app = null!;

    public async Task InitializeAsync() => _app = await LabApp.StartAsync(builder =>
    {
        // A word a second: an answer takes longer than any test waits.
        builder.Configuration["AgentLab:Models:RehearsalWordPace"] = "00:00:01";
        builder.Configuration["AgentLab:Tasks:RetryPause"] = "00:00:00.1";
        builder.Configuration["AgentLab:Tasks:LongestRetryPause"] = "00:00:00.1";
        builder.Configuration["AgentLab:Tasks:Attempts"] = "2";
        builder.Configuration["AgentLab:Tasks:PerWorker"] = "1";
    });

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task HungTask_IsStoppedAtItsLimitAndSetAsideAfterItsLastTry()
    {
        using var client = await _app.SignInAsync(LabApp.Editor);
        var id = await CreatedAsync(client, "Hangs", timeLimit: 1);

        await StatusAsync(client, id, "dead");

        var task = await ReadAsync(client, id);
        task.Text("reasonCode").ShouldBe("time_limit");
        var attempts = JsonElement.Parse(await client.GetStringAsync($"/api/v1/tasks/{id}/attempts")).GetProperty("items").EnumerateArray().ToList();
        attempts.Select(attempt => (attempt.Text("status"), attempt.Text("reasonCode"))).ShouldBe([("failed", "time_limit"), ("failed", "time_limit")]);
    }

    [Fact]
    public async Task CancelledWhileItRuns_EndsAndGivesItsPlaceToTheNext()
    {
        using var client = await _app.SignInAsync(LabApp.Editor);
        var first = await CreatedAsync(client, "First");
        await StatusAsync(client, first, "running");
        var second = await CreatedAsync(client, "Second");
        (await ReadAsync(client, second)).Text("status").ShouldBe("queued");

        using var cancelled = await client.PostAsync($"/api/v1/tasks/{first}/cancel", null);
        await StatusAsync(client, first, "cancelled");
        await StatusAsync(client, second, "running");
        using var ended = await client.PostAsync($"/api/v1/tasks/{second}/cancel", null);
        await StatusAsync(client, second, "cancelled");
    }

    [Fact]
    public async Task OwnerWhoIsGone_EndsTheTaskWithThatReason()
    {
        using var admin = await _app.SignInAsync();
        using var other = await _app.SignInAsync(LabApp.Other);
        var id = await CreatedAsync(other, "Left behind", draft: true);
        using var disabled = await admin.PostAsync($"/api/v1/users/{await _app.UserIdAsync(LabApp.Other)}/disable", null);
        disabled.IsSuccessStatusCode.ShouldBeTrue(await disabled.Content.ReadAsStringAsync());

        using var queued = await admin.PostAsync($"/api/v1/tasks/{id}/queue", null);
        await StatusAsync(admin, id, "failed");

        (await ReadAsync(admin, id)).Text("reasonCode").ShouldBe("owner_gone");
    }

    private static async Task<string> CreatedAsync(HttpClient client, string title, int timeLimit = 600, bool draft = false)
    {
        using var response = await client.PostAsJsonAsync(
            "/api/v1/tasks", new { title, description = "Explain at length how tables are read.", agent = "analyst", timeLimit, draft });
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
        return (await response.JsonAsync()).Text("id");
    }

    private static async Task<JsonElement> ReadAsync(HttpClient client, string id) => JsonElement.Parse(await client.GetStringAsync($"/api/v1/tasks/{id}"));

    private static Task StatusAsync(HttpClient client, string id, string status) => Eventually.TrueAsync(async () => (await ReadAsync(client, id)).Text("status") == status);
}

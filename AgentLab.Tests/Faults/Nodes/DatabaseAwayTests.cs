using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Tests.Api;
using AgentLab.Tests.Fakes.OpenAiServer;
using AgentLab.Tests.Faults.Kills;
using AgentLab.Tests.Faults.Storage;

namespace AgentLab.Tests.Faults.Nodes;

public sealed class DatabaseAwayTests : IAsyncLifetime
{
    private readonly OwnPostgreSql _database = new();

    public Task InitializeAsync() => _database.PrepareAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    /// <summary>Nobody could renew, so nobody is struck out: the runs stay where they are and go on when the database is back.</summary>
    [Fact]
    public async Task Database_AwayForLongerThanTheLease_TakesNoRunFromItsNode()
    {
        await using var model = await OpenAiTestServer.StartAsync();
        var words = string.Join(' ', Enumerable.Repeat("word", 160));
        model.Otherwise = _ => ModelScript.Says(words, TimeSpan.FromMilliseconds(100));
        var settings = _database.Settings.Where(s => s.Value is not null).ToDictionary(s => s.Key, s => s.Value!);
        settings["AgentLab:Node:Lease"] = "00:00:05";
        settings.Remove("AgentLab:DataDirectory");
        using var a = await LabProcess.StartAsync(_database.Folder, model.Endpoint, settings);
        using var b = await LabProcess.StartAsync(_database.Folder, model.Endpoint, settings);
        using var made = await a.Client.PostAsJsonAsync("/api/v1/agents", new { name = "Worker", instructions = "Work." });
        made.EnsureSuccessStatusCode();
        using var asked = await a.Client.PostAsJsonAsync("/api/v1/sessions", new { agent = "worker", message = "Go." });
        var id = (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        await Eventually.TrueAsync(() => Task.FromResult(model.Requests.Count > 0));

        await _database.Server.StopAtOnceAsync();
        await Task.Delay(TimeSpan.FromSeconds(8));
        await _database.Server.StartAgainAsync();

        var events = await LabPair.FollowAsync(b, id, "run.completed", "run.failed");
        var types = events.Select(e => JsonElement.Parse(e).GetProperty("type").GetString()).ToList();
        types[^1].ShouldBe("run.completed");
        types.ShouldNotContain("run.resumed");
        model.Requests.Count.ShouldBe(1, "the call that was under way went on");
    }
}

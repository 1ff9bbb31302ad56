using System.Net;
using System.Text.Json;
using AgentLab.Tests.Api;

namespace AgentLab.Tests.Faults.Storage;

/// <summary>What the health routes say when a part of the ground is gone: a balancer reads the status code alone.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Health_DatabaseGone_IsUnhealthyWhileTheProcessLivesAndReadyAgainWhenItIsBack()
    {
        var database = new OwnPostgreSql();
        await database.PrepareAsync();
        try
        {
            await using var app = await LabApp.StartAsync(builder =>
            {
                foreach (var (name, value) in database.Settings.Where(s => s.Key != "AgentLab:DataDirectory"))
                {
                    builder.Configuration[name] = value;
                }

                builder.Configuration["Logging:LogLevel:Default"] = "None";
            });
            using var client = app.CreateClient();
            await Eventually.TrueAsync(async () => await AskAsync(client, "/health/ready") == (HttpStatusCode.OK, "healthy"));

            await database.Server.StopAtOnceAsync();

            (await AskAsync(client, "/health/ready")).ShouldBe((HttpStatusCode.ServiceUnavailable, "unhealthy"));
            (await AskAsync(client, "/health")).ShouldBe((HttpStatusCode.ServiceUnavailable, "unhealthy"));
            (await AskAsync(client, "/health/live")).ShouldBe((HttpStatusCode.OK, "healthy"));

            await database.Server.StartAgainAsync();

            await Eventually.TrueAsync(async () => await AskAsync(client, "/health/ready") == (HttpStatusCode.OK, "healthy"));
        }
        finally
        {
            await database.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(100, "unhealthy", "The disk of the data directory is full.")]
    [InlineData(3, "degraded", "are free for the data directory")]
    public async Task Health_DiskWithoutRoom_SaysSo(int times, string status, string why)
    {
        var free = new DriveInfo(Path.GetTempPath()).AvailableFreeSpace >> 20;
        await using var app = await LabApp.StartAsync(builder => builder.Configuration["AgentLab:Health:DiskFreeMb"] = $"{(free * times) + 100}");
        using var client = await app.SignInAsync();

        using var answer = await client.GetAsync("/health");
        var health = await answer.JsonAsync();

        // The whole is as well as its worst part; another one may be late on a busy machine.
        var parts = health.GetProperty("parts").EnumerateObject().Select(part => part.Value.Text("status")).ToList();
        health.Text("status").ShouldBe(parts.Contains("unhealthy") ? "unhealthy" : "degraded");
        answer.StatusCode.ShouldBe(parts.Contains("unhealthy") ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
        var disk = health.GetProperty("parts").GetProperty("disk");
        disk.Text("status").ShouldBe(status);
        disk.Text("description").ShouldContain(why);
        disk.GetProperty("data").GetProperty("freeMb").GetInt64().ShouldBeGreaterThan(0);
        // What is stored can still be read here.
        await Eventually.TrueAsync(async () => await AskAsync(client, "/health/ready") == (HttpStatusCode.OK, "healthy"));
    }

    private static async Task<(HttpStatusCode Code, string Status)> AskAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()).Text("status"));
    }
}

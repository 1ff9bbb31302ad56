using System.Text.Json;
using AgentLab.Tests.Api;

namespace AgentLab.Tests.Web.Hosting;

public sealed class LoggingTests
{
    [Fact]
    public async Task Log_OfARequest_HasItsIdAndNeverItsQuery()
    {
        var folder = Directory.CreateTempSubdirectory("agentlab-logs-").FullName;
        await using (var app = await LabApp.StartAsync(builder =>
        {
            builder.Configuration["AgentLab:Logging:File"] = Path.Combine(folder, "log-.json");
            builder.Configuration["Logging:LogLevel:Default"] = "Trace";
            builder.Configuration["Logging:LogLevel:Microsoft.AspNetCore"] = "Information";
        }))
        {
            using var client = app.CreateClient();
            client.DefaultRequestHeaders.Add("X-Request-Id", "seen-in-the-log");
            await client.GetAsync("/api/v1/auth/me?token=not-to-be-logged");
        }

        var lines = await File.ReadAllLinesAsync(Directory.GetFiles(folder).Single());
        var answered = lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("Properties"))
            .Where(p => p.TryGetProperty("RequestId", out var id) && id.GetString() == "seen-in-the-log").ToList();
        answered.Any(p => p.TryGetProperty("Path", out var path) && path.GetString() == "/api/v1/auth/me").ShouldBeTrue();
        lines.ShouldAllBe(l => !l.Contains("not-to-be-logged"));
        Directory.Delete(folder, recursive: true);
    }
}

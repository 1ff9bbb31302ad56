using System.Text.Json;
using AgentLab.Tests.Api;
using AgentLab.Tests.Fakes.OpenAiServer;
using AgentLab.Tests.Faults.Models;

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

        var lines = Directory.GetFiles(folder).Order().SelectMany(File.ReadAllLines).ToList();
        var answered = lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("Properties"))
            .Where(p => p.TryGetProperty("RequestId", out var id) && id.GetString() == "seen-in-the-log").ToList();
        answered.Any(p => p.TryGetProperty("Path", out var path) && path.GetString() == "/api/v1/auth/me").ShouldBeTrue();
        lines.ShouldAllBe(l => !l.Contains("not-to-be-logged"));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Log_OfARun_HasItsSessionItsRunAndTheRequestThatBeganIt()
    {
        var folder = Directory.CreateTempSubdirectory("agentlab-logs-").FullName;
        await using var model = await OpenAiTestServer.StartAsync();
        model.Next(ModelScript.Fails(500));
        FaultTurn turn;
        await using (var app = await FaultApp.StartAsync(
            new Dictionary<string, OpenAiTestServer> { ["shaky"] = model }, builder =>
            {
                builder.Configuration["AgentLab:Logging:File"] = Path.Combine(folder, "log-.json");
                builder.Configuration["Logging:LogLevel:Default"] = "Information";
            }))
        {
            using var client = await app.SignInAsync();
            await FaultApp.MakeAgentAsync(client, "shaky");
            client.DefaultRequestHeaders.Add("X-Request-Id", "began-the-run");
            turn = await FaultApp.AskAsync(client, "shaky", "A message of a person.");
        }

        turn.End.ShouldBe("run.completed");
        var lines = Directory.GetFiles(folder).Order().SelectMany(File.ReadAllLines).ToList();
        var failed = lines.Select(l => JsonDocument.Parse(l).RootElement)
            .Single(l => l.GetProperty("MessageTemplate").GetString()!.StartsWith("Provider {Provider} failed", StringComparison.Ordinal)).GetProperty("Properties");
        failed.GetProperty("Provider").GetString().ShouldBe("shaky");
        failed.GetProperty("SessionId").GetString().ShouldBe(turn.SessionId);
        failed.GetProperty("RunId").GetString().ShouldBe(turn.Of("run.started")[0].GetProperty("runId").GetString());
        failed.GetProperty("RequestId").GetString().ShouldBe("began-the-run");
        lines.ShouldAllBe(l => !l.Contains("A message of a person.") && !l.Contains(FaultApp.ApiKey));
        Directory.Delete(folder, recursive: true);
    }
}

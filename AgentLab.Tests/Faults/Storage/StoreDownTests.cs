using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Faults.Storage;

public sealed class StoreDownTests
{
    [Fact]
    public async Task Api_LogTakesNothing_Answers503ThatSaysToTryAgain()
    {
        await using var app = await LabApp.StartAsync(b => b.Services.AddSingleton<ISessionLog, DownLog>());
        var client = await app.SignInAsync();

        using var response = await client.PostAsJsonAsync("/api/v1/sessions", new { agent = "guide", message = "Hello" });

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("code").GetString().ShouldBe("unavailable");
    }

    private sealed class DownLog : ISessionLog
    {
        public ValueTask<AppendOutcome> AppendAsync(SessionAppend append, CancellationToken cancellationToken) =>
            throw new SessionLogUnavailableException("The store did not take the events; nothing was written. Try again.", null);
    }
}

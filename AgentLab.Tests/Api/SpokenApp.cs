using System.Net.Http.Json;
using System.Text.Json;

namespace AgentLab.Tests.Api;

/// <summary>One program for a class of tests, whose rehearsal model speaks without pauses.</summary>
public sealed class SpokenApp : IAsyncLifetime
{
    /// <summary>The program.</summary>
    public LabApp App { get; private set; } = null!;

    public async Task InitializeAsync() =>
        App = await LabApp.StartAsync(builder => builder.Configuration["AgentLab:Models:RehearsalWordPace"] = "00:00:00");

    public async Task DisposeAsync() => await App.DisposeAsync();
}

/// <summary>Short words for calls of the API.</summary>
internal static class ApiCalls
{
    /// <summary>Sends JSON.</summary>
    public static Task<HttpResponseMessage> SendJsonAsync(this HttpClient client, HttpMethod method, string path, object body, string? key = null, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return client.SendAsync(request);
    }

    /// <summary>The body as JSON.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) => JsonElement.Parse(await response.Content.ReadAsStringAsync());

    /// <summary>A member as text.</summary>
    public static string Text(this JsonElement json, string member) => json.GetProperty(member).ToString();

    /// <summary>Starts a session and waits for its answer.</summary>
    public static async Task<JsonElement> AskAsync(this HttpClient client, string message, string agent = "analyst")
    {
        using var response = await client.PostAsJsonAsync("/api/v1/sessions?wait=30", new { agent, message });
        response.EnsureSuccessStatusCode();
        return await response.JsonAsync();
    }

    /// <summary>All events of a session, by type.</summary>
    public static async Task<List<string>> EventTypesAsync(this HttpClient client, string id)
    {
        var page = JsonElement.Parse(await client.GetStringAsync($"/api/v1/sessions/{id}/events?limit=500"));
        return [.. page.GetProperty("events").EnumerateArray().Select(e => e.Text("type"))];
    }
}

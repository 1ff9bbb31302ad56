using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Core.Tools;
using AgentLab.Tests.Api;
using AgentLab.Tests.Api.Streams;
using AgentLab.Tests.Fakes.OpenAiServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Faults.Models;

/// <summary>
/// The running program with a provider of its own for each kind of fault, so that what one test does to a provider's circuit is not another's. Everything goes
/// through the API, as a client would do it.
/// </summary>
public sealed class FaultApp : IAsyncLifetime
{
    /// <summary>The key that programs send; no event may hold it.</summary>
    public const string ApiKey = "key-that-must-not-show";

    /// <summary>What the broken tool throws with; no event may hold it.</summary>
    public const string ToolSecret = "password-of-the-tool";

    private static readonly string[] Tools = ["calculator", "throws", "hangs"];

    private readonly Dictionary<string, OpenAiTestServer> _servers = [];
    private LabApp? _app;
    private HttpClient? _client;

    /// <summary>The providers, each also the name of the agent that uses it.</summary>
    public static IReadOnlyList<string> Providers { get; } =
        ["limited", "limiting", "shaky", "broken", "cut", "cutting", "garbled", "toolcase", "looping", "locked", "isolated"];

    /// <summary>The model service of this provider.</summary>
    public OpenAiTestServer Server(string provider) => _servers[provider];

    public async Task InitializeAsync()
    {
        foreach (var provider in Providers)
        {
            _servers[provider] = await OpenAiTestServer.StartAsync();
        }

        _servers["locked"].RequiredKey = "another key";
        _app = await StartAsync(_servers);
        _client = await _app.SignInAsync();
        foreach (var provider in Providers)
        {
            await MakeAgentAsync(_client, provider, provider == "looping" ? 6 : null);
        }
    }

    public async Task DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>Starts the program with these providers.</summary>
    public static Task<LabApp> StartAsync(IReadOnlyDictionary<string, OpenAiTestServer> servers, Action<WebApplicationBuilder>? more = null) =>
        LabApp.StartAsync(builder =>
        {
            foreach (var (name, server) in servers)
            {
                builder.Configuration[$"AgentLab:Providers:{name}:Endpoint"] = server.Endpoint.ToString();
                builder.Configuration[$"AgentLab:Providers:{name}:ApiKey"] = ApiKey;
                builder.Configuration[$"AgentLab:Providers:{name}:Models:0"] = "test-model";
            }

            builder.Configuration["AgentLab:Models:Ollama:Enabled"] = "false";
            builder.Configuration["AgentLab:Models:RetryDelay"] = "00:00:00.010";
            builder.Configuration["AgentLab:Streams:PerUser"] = "1000";
            builder.Services.AddSingleton(Tool("throws", _ => throw new InvalidOperationException(ToolSecret)));
            builder.Services.AddSingleton(Tool("hangs", async token =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return "never";
            }));
            more?.Invoke(builder);
        });

    /// <summary>Makes the agent that asks this provider.</summary>
    public static async Task MakeAgentAsync(HttpClient client, string provider, int? steps = null)
    {
        using var made = await client.PostAsJsonAsync(
            "/api/v1/agents",
            new { name = provider, instructions = "Be exact.", model = $"{provider}/test-model", tools = Tools, limits = new { steps } });
        made.IsSuccessStatusCode.ShouldBeTrue(await made.Content.ReadAsStringAsync());
    }

    /// <summary>Asks this provider's agent in a new session and watches the run to its end.</summary>
    public Task<FaultTurn> AskAsync(string provider, string message = "Go.") => AskAsync(_client!, provider, message);

    /// <summary>Says more in the session and watches the run to its end.</summary>
    public Task<FaultTurn> SayAsync(FaultTurn earlier) => SayAsync(_client!, earlier);

    public static async Task<FaultTurn> AskAsync(HttpClient client, string agent, string message = "Go.")
    {
        using var response = await client.PostAsJsonAsync("/api/v1/sessions", new { agent, message });
        return await WatchAsync(client, response, 0);
    }

    public static async Task<FaultTurn> SayAsync(HttpClient client, FaultTurn earlier)
    {
        using var response = await client.PostAsJsonAsync($"/api/v1/sessions/{earlier.SessionId}/messages", new { text = "And now?" });
        return await WatchAsync(client, response, earlier.Head);
    }

    private static async Task<FaultTurn> WatchAsync(HttpClient client, HttpResponseMessage response, long after)
    {
        var body = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(body);
        var accepted = JsonElement.Parse(body);
        var id = accepted.GetProperty("id").GetString()!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var events = new List<JsonElement>();
        await foreach (var e in EventStreamClient.ReadAsync(client, EventStreamClient.Request(id, $"?after={after}"), limit.Token))
        {
            if (e.Name == "message")
            {
                events.Add(e.Json);
                if (e.Json.GetProperty("type").GetString() is "run.completed" or "run.failed" or "run.cancelled")
                {
                    break;
                }
            }
        }

        return new FaultTurn(id, events);
    }

    private static Tool Tool(string name, Func<CancellationToken, Task<string>> call) =>
        new(AIFunctionFactory.Create(call, name, $"The tool {name}."), name, ToolEffect.Read) { Timeout = TimeSpan.FromMilliseconds(300) };
}

/// <summary>The events of one turn, from its message to the end of its run.</summary>
public sealed record FaultTurn(string SessionId, IReadOnlyList<JsonElement> Events)
{
    public long Head => Events[^1].GetProperty("sequence").GetInt64();

    /// <summary>How the run ended: <c>run.completed</c>, or <c>run.failed</c> with its code.</summary>
    public string End => Type(Events[^1]) == "run.failed" ? $"run.failed {Data(Events[^1]).GetProperty("code").GetString()}" : Type(Events[^1]);

    /// <summary>The model's last whole answer.</summary>
    public string Answer => Data(Of("model.completed")[^1]).GetProperty("answer").GetProperty("text").GetString()!;

    public IReadOnlyList<JsonElement> Of(string type) => [.. Events.Where(e => Type(e) == type)];

    /// <summary>The codes of the events of this type.</summary>
    public IReadOnlyList<string> Codes(string type) => [.. Of(type).Select(e => Data(e).GetProperty("code").GetString()!)];

    public static JsonElement Data(JsonElement e) => e.GetProperty("data");

    private static string Type(JsonElement e) => e.GetProperty("type").GetString()!;
}

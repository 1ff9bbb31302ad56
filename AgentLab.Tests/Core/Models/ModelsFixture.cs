using AgentLab.Core.Models;
using AgentLab.Tests.Fakes.OpenAiServer;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Models;

/// <summary>The models as an application has them, over test servers; retries wait next to nothing unless a test says otherwise.</summary>
internal sealed class ModelsFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private ModelsFixture(ServiceProvider services) => _services = services;

    public IModelClients Clients => Get<IModelClients>();

    public IProviderHealth Health => Get<IProviderHealth>();

    public static ModelsFixture Create(IEnumerable<(string Key, string? Value)> settings, TimeProvider? time = null, params IProviderStore[] stores)
    {
        var values = new Dictionary<string, string?>
        {
            ["AgentLab:Models:RetryDelay"] = "00:00:00.001",
            ["AgentLab:Models:RehearsalWordPace"] = "00:00:00",
            ["AgentLab:Models:Ollama:Enabled"] = "false",
        };
        foreach (var (key, value) in settings)
        {
            values[key] = value;
        }

        var services = new ServiceCollection().AddSingleton(time ?? TimeProvider.System);
        foreach (var store in stores)
        {
            services.AddSingleton(store);
        }

        services.AddAgentLabModels(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        return new ModelsFixture(services.BuildServiceProvider());
    }

    /// <summary>One provider, "test", with the model "test-model" at 2 and 10 dollars for a million tokens.</summary>
    public static ModelsFixture For(OpenAiTestServer server, TimeProvider? time = null, params (string Key, string? Value)[] more) =>
        Create([.. Provider("test", server.Endpoint), .. more], time);

    public static IEnumerable<(string Key, string? Value)> Provider(string id, Uri endpoint, int order = 0, bool fallback = false) =>
    [
        ($"AgentLab:Providers:{id}:Name", $"Provider {id}"),
        ($"AgentLab:Providers:{id}:Endpoint", endpoint.AbsoluteUri),
        ($"AgentLab:Providers:{id}:ApiKey", $"sk-{id}-0123456789"),
        ($"AgentLab:Providers:{id}:Models:0:Id", $"{id}-model"),
        ($"AgentLab:Providers:{id}:Models:0:InputPrice", "2"),
        ($"AgentLab:Providers:{id}:Models:0:OutputPrice", "10"),
        ($"AgentLab:Providers:{id}:Order", order.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ($"AgentLab:Providers:{id}:IsFallback", fallback ? "true" : "false"),
    ];

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<ChatResponse> AskAsync(string question = "Hello?", string? model = null, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var route = await Clients.RouteAsync(model, cancellationToken);
        return await route.Client.GetResponseAsync([new ChatMessage(ChatRole.User, question)], options, cancellationToken);
    }

    public async Task<List<ChatResponseUpdate>> StreamAsync(
        string question = "Hello?", string? model = null, ChatOptions? options = null, List<ChatResponseUpdate>? into = null, CancellationToken cancellationToken = default)
    {
        var updates = into ?? [];
        var route = await Clients.RouteAsync(model, cancellationToken);
        await foreach (var update in route.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, question)], options, cancellationToken))
        {
            updates.Add(update);
        }

        return updates;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

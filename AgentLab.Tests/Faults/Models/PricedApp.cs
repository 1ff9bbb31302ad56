using AgentLab.Tests.Api;
using AgentLab.Tests.Fakes.OpenAiServer;

namespace AgentLab.Tests.Faults.Models;

/// <summary>
/// The running program with one provider whose model costs 2 and 10 dollars for a million tokens: 30 cents and 110,000 tokens a call. It asks for another calculation for ever, unless it is told
/// otherwise.
/// </summary>
public sealed class PricedApp : IAsyncLifetime
{
    /// <summary>What is said to get no answer at all.</summary>
    public const string Hang = "Be silent.";

    /// <summary>What is said first to get one answer without a call.</summary>
    public const string Once = "Answer at once: ";

    /// <summary>The model service.</summary>
    public OpenAiTestServer Server { get; private set; } = null!;

    /// <summary>An editor's client.</summary>
    public HttpClient Client { get; private set; } = null!;

    private LabApp App { get; set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await OpenAiTestServer.StartAsync();
        Server.Otherwise = request => request.LastText("user") switch
        {
            Hang => ModelScript.Hangs(),
            { } text when text.StartsWith(Once, StringComparison.Ordinal) => ModelScript.Says("Done.").Usage(100_000, 10_000),
            _ => ModelScript.Calls("calculator", """{"expression":"1 + 1"}""").Usage(100_000, 10_000),
        };
        App = await LabApp.StartAsync(builder =>
        {
            builder.Configuration["AgentLab:Providers:priced:Endpoint"] = Server.Endpoint.ToString();
            builder.Configuration["AgentLab:Providers:priced:ApiKey"] = FaultApp.ApiKey;
            builder.Configuration["AgentLab:Providers:priced:Models:0:Id"] = "test-model";
            builder.Configuration["AgentLab:Providers:priced:Models:0:InputPrice"] = "2";
            builder.Configuration["AgentLab:Providers:priced:Models:0:OutputPrice"] = "10";
            builder.Configuration["AgentLab:Models:Ollama:Enabled"] = "false";
        });
        Client = await App.SignInAsync(LabApp.Editor);
    }

    /// <summary>Another person's client.</summary>
    public Task<HttpClient> SignInAsync(string email) => App.SignInAsync(email);

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await Server.DisposeAsync();
    }
}

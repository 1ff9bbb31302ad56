using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Bench.Storage;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Data.Databases;
using AgentLab.Data.Sessions.Log;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentLab.Bench.Fanout;

/// <summary>The whole program in this process, as <c>dotnet run --project AgentLab.Web</c> composes it, on a database of its own and signed in to.</summary>
internal sealed class LabServer : IAsyncDisposable
{
    public const string Email = "admin@example.com";
    public const string Password = "A-long-enough-password-1";

    // The name leads to the list of the program's own static files, which the build puts beside this one.
    private static readonly WebApplicationOptions Options = new()
    {
        EnvironmentName = "Production",
        ApplicationName = "AgentLab.Web",
        ContentRootPath = AppContext.BaseDirectory,
    };

    private readonly WebApplication _app;

    private LabServer(WebApplication app, string token) => (_app, Token) = (app, token);

    /// <summary>The administrator's access token.</summary>
    public string Token { get; }

    public Uri Address => new(_app.Urls.First());

    public int Port => Address.Port;

    public IServiceProvider Services => _app.Services;

    public ISessionLog Log => Services.GetRequiredService<ISessionLog>();

    public CommitTimes Commits => (CommitTimes)Services.GetRequiredService<ILogStore>();

    /// <summary>Starts it on this folder, new or used.</summary>
    public static Task<LabServer> StartAsync(BenchFolder folder, CancellationToken cancellationToken) =>
        StartAsync(folder, store => new CommitTimes(store), cancellationToken);

    /// <summary>Starts it with another watch over the log's store.</summary>
    public static async Task<LabServer> StartAsync(BenchFolder folder, Func<ILogStore, ILogStore> watch, CancellationToken cancellationToken)
    {
        var app = Program.Build(Options, builder => Configure(builder, folder.Path, watch));
        await app.StartAsync(cancellationToken);
        return new LabServer(app, await SignInAsync(new Uri(app.Urls.First()), cancellationToken));
    }

    /// <summary>Settings by which a program can be measured: no limits on calls, an administrator, a free port.</summary>
    public static Dictionary<string, string?> Settings(string folder) => new()
    {
        ["AgentLab:DataDirectory"] = folder,
        ["AgentLab:Admin:Email"] = Email,
        ["AgentLab:Admin:Password"] = Password,
        ["AgentLab:RateLimits:Api"] = "1000000",
        ["AgentLab:RateLimits:Hook"] = "1000000",
        ["AgentLab:RateLimits:SignIn"] = "1000000",
        ["AgentLab:RateLimits:SignInAddress"] = "1000000",
        ["AgentLab:Streams:PerUser"] = "100000",
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:AgentLab"] = "Warning",
        ["Logging:LogLevel:Microsoft.AspNetCore.Antiforgery"] = "Error",
    };

    public static async Task<string> SignInAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = address };
        using var answer = await client.PostAsJsonAsync("/api/v1/auth/login", new { email = Email, password = Password }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return json.GetProperty("accessToken").GetString()!;
    }

    /// <summary>The administrator.</summary>
    public async Task<Actor> ActorAsync(CancellationToken cancellationToken)
    {
        var accounts = await Services.GetRequiredService<IAccounts>().ListAsync(null, 1, cancellationToken);
        return new Actor(accounts[0].Id, accounts[0].Role);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static void Configure(WebApplicationBuilder builder, string folder, Func<ILogStore, ILogStore> watch)
    {
        builder.Configuration.AddInMemoryCollection(Settings(folder));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.RemoveAll<ILogStore>();
        builder.Services.AddSingleton(provider => watch(
            new SqliteLogStore(provider.GetRequiredService<ILabConnections>(), provider.GetRequiredService<WriteGate>())));
    }
}

using System.Net.Http.Json;
using System.Text.Json;
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
    private const string Email = "admin@example.com";
    private const string Password = "A-long-enough-password-1";

    // The name leads to the list of the program's own static files, which the build puts beside this one.
    private static readonly WebApplicationOptions Options = new()
    {
        EnvironmentName = "Production",
        ApplicationName = "AgentLab.Web",
        ContentRootPath = AppContext.BaseDirectory,
    };

    private readonly WebApplication _app;
    private readonly string _folder;

    private LabServer(WebApplication app, string folder, string token) => (_app, _folder, Token) = (app, folder, token);

    /// <summary>The administrator's access token.</summary>
    public string Token { get; }

    public int Port => new Uri(_app.Urls.First()).Port;

    public ISessionLog Log => _app.Services.GetRequiredService<ISessionLog>();

    public CommitTimes Commits => (CommitTimes)_app.Services.GetRequiredService<ILogStore>();

    public static async Task<LabServer> StartAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(options.Directory, "agentlab-bench", Guid.NewGuid().ToString("N"));
        var app = Program.Build(Options, builder => Configure(builder, folder));
        await app.StartAsync(cancellationToken);
        return new LabServer(app, folder, await SignInAsync(new Uri(app.Urls.First()), cancellationToken));
    }

    /// <summary>Settings by which a program can be measured: no limits on calls, an administrator, a free port.</summary>
    public static Dictionary<string, string?> Settings(string folder) => new()
    {
        ["AgentLab:DataDirectory"] = folder,
        ["AgentLab:Admin:Email"] = Email,
        ["AgentLab:Admin:Password"] = Password,
        ["AgentLab:RateLimits:Api"] = "1000000",
        ["AgentLab:RateLimits:SignIn"] = "1000000",
        ["AgentLab:RateLimits:SignInAddress"] = "1000000",
        ["AgentLab:Streams:PerUser"] = "100000",
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:AgentLab"] = "Warning",
    };

    public static async Task<string> SignInAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = address };
        using var answer = await client.PostAsJsonAsync("/api/v1/auth/login", new { email = Email, password = Password }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return json.GetProperty("accessToken").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Configure(WebApplicationBuilder builder, string folder)
    {
        builder.Configuration.AddInMemoryCollection(Settings(folder));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.RemoveAll<ILogStore>();
        builder.Services.AddSingleton<ILogStore>(provider => new CommitTimes(
            new SqliteLogStore(provider.GetRequiredService<ILabConnections>(), provider.GetRequiredService<WriteGate>())));
    }
}

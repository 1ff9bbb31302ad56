using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentLab.Core.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Api;

/// <summary>
/// The real program on Kestrel, on a free port of the loopback, with a data directory of its own and an administrator. Its limits on
/// calls are high; a test that is about them sets its own.
/// </summary>
public sealed partial class LabApp : IAsyncDisposable
{
    /// <summary>The administrator, made at start.</summary>
    public const string Admin = "admin@lab.test";

    /// <summary>An editor, made at the first sign-in.</summary>
    public const string Editor = "editor@lab.test";

    /// <summary>Another editor, made at the first sign-in.</summary>
    public const string Other = "other@lab.test";

    /// <summary>A viewer, made at the first sign-in.</summary>
    public const string Viewer = "viewer@lab.test";

    /// <summary>Everybody's password.</summary>
    public const string Password = "Correct-Horse-7-Battery";

    private readonly WebApplication _app;
    private readonly string? _ownDirectory;
    private readonly ConcurrentBag<HttpClient> _clients = [];

    private readonly SemaphoreSlim _making = new(1);
    private readonly HashSet<string> _made = [];

    private LabApp(WebApplication app, string directory, bool owned)
    {
        _app = app;
        DataDirectory = directory;
        _ownDirectory = owned ? directory : null;
        BaseAddress = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where it answers.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Its parts.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Where its data lies; deleted at the end unless it was given.</summary>
    public string DataDirectory { get; }

    /// <summary>Starts the program.</summary>
    /// <param name="configure">Last changes to settings (<c>builder.Configuration["..."] = ...</c>) and registrations.</param>
    /// <param name="dataDirectory">A directory to use and keep; null makes one.</param>
    /// <param name="setUp">False starts without an administrator.</param>
    public static async Task<LabApp> StartAsync(Action<WebApplicationBuilder>? configure = null, string? dataDirectory = null, bool setUp = true)
    {
        var directory = dataDirectory ?? Directory.CreateTempSubdirectory("agentlab-test-").FullName;
        var app = Program.Build(
            new()
            {
                ApplicationName = typeof(Program).Assembly.GetName().Name,
                ContentRootPath = directory,
                EnvironmentName = "Production",
            },
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(Settings(directory, setUp));
                builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
                configure?.Invoke(builder);
            });
        try
        {
            await app.StartAsync();
            return new(app, directory, dataDirectory is null);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client without sign-in that follows no redirect.</summary>
    public HttpClient CreateClient()
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = BaseAddress };
        _clients.Add(client);
        return client;
    }

    /// <summary>A client that sends a bearer token; the account is made if it does not exist.</summary>
    public async Task<HttpClient> SignInAsync(string email = Admin)
    {
        var client = CreateClient();
        var tokens = await LoginAsync(email);
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens.GetProperty("accessToken").GetString());
        return client;
    }

    /// <summary>Signs in for tokens: accessToken, refreshToken, expiresIn.</summary>
    public async Task<JsonElement> LoginAsync(string email = Admin)
    {
        await EnsureAccountAsync(email);
        using var response = await CreateClient().PostAsJsonAsync("/api/v1/auth/login", new { email, password = Password });
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>A client that sends a browser's cookie, had from the sign-in page, and the Origin of AgentLab's own pages.</summary>
    public async Task<HttpClient> SignInWithCookieAsync(string email = Admin)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Add("Origin", BaseAddress.GetLeftPart(UriPartial.Authority));
        client.DefaultRequestHeaders.Add("Cookie", await CookieAsync(email));
        return client;
    }

    /// <summary>The sign-in cookie of a browser as <c>name=value</c>.</summary>
    public async Task<string> CookieAsync(string email = Admin)
    {
        await EnsureAccountAsync(email);
        using var response = await PostFormAsync(
            CreateClient(), "/account/sign-in", "sign-in", new() { ["name"] = email, ["password"] = Password });
        return response.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]).Single(c => c.StartsWith("agentlab=", StringComparison.Ordinal));
    }

    /// <summary>Fills in a form of a page as a browser does: reads the page, then posts with its token and cookie.</summary>
    public static async Task<HttpResponseMessage> PostFormAsync(HttpClient client, string path, string form, Dictionary<string, string> fields)
    {
        using var page = await client.SendAsync(Page(HttpMethod.Get, path));
        page.EnsureSuccessStatusCode();
        var html = await page.Content.ReadAsStringAsync();
        var post = Page(HttpMethod.Post, path);
        if (page.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            var sent = client.DefaultRequestHeaders.TryGetValues("Cookie", out var own) ? own : [];
            post.Headers.Add("Cookie", string.Join("; ", sent.Concat(cookies.Select(c => c.Split(';')[0]))));
        }

        fields["_handler"] = form;
        fields["__RequestVerificationToken"] = FormToken().Match(html).Groups[1].Value;
        post.Content = new FormUrlEncodedContent(fields);
        return await client.SendAsync(post);
    }

    /// <summary>A request as a browser makes it for a page.</summary>
    public static HttpRequestMessage Page(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        return request;
    }

    /// <summary>The id of the account with this address.</summary>
    public async Task<Guid> UserIdAsync(string email)
    {
        await EnsureAccountAsync(email);
        var accounts = await Services.GetRequiredService<IAccounts>().ListAsync(null, 100, CancellationToken.None);
        return accounts.Single(a => a.Email == email).Id;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        await _app.StopAsync();
        await _app.DisposeAsync();
        _making.Dispose();
        if (_ownDirectory is not null)
        {
            Directory.Delete(_ownDirectory, recursive: true);
        }
    }

    private static Dictionary<string, string?> Settings(string directory, bool setUp) => new()
    {
        ["AgentLab:DataDirectory"] = directory,
        ["AgentLab:RateLimits:Api"] = "100000",
        ["AgentLab:RateLimits:Runs"] = "100000",
        ["AgentLab:RateLimits:SignIn"] = "100000",
        ["AgentLab:RateLimits:SignInAddress"] = "100000",
        ["AgentLab:Admin:Email"] = setUp ? Admin : null,
        ["AgentLab:Admin:Password"] = setUp ? Password : null,
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning",
    };

    private async Task EnsureAccountAsync(string email)
    {
        var accounts = Services.GetRequiredService<IAccounts>();
        await _making.WaitAsync();
        try
        {
            if (_made.Contains(email) || (await accounts.ListAsync(null, 100, CancellationToken.None)).Any(a => a.Email == email))
            {
                return;
            }

            var role = email == Admin ? ActorRole.Admin : email == Viewer ? ActorRole.Viewer : ActorRole.Editor;
            var outcome = await accounts.CreateAsync(new(email, Password, role), CancellationToken.None);
            _made.Add(outcome.Ok ? email : throw new InvalidOperationException(outcome.Error.Message));
        }
        finally
        {
            _making.Release();
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}

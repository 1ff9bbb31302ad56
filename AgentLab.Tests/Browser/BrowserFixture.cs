using AgentLab.Core.Agents;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Tests.Api;
using AgentLab.Tests.Fakes.OpenAiServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

/// <summary>All tests in a browser share one, one after the other: a browser is heavy, a fresh context is not.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Browser";
}

/// <summary>Chromium, a running AgentLab and a model server whose words a test writes.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    /// <summary>The agent whose model is <see cref="Model"/>.</summary>
    public const string ScriptedAgent = "Scripted";

    private readonly Dictionary<LabApp, string> _cookies = [];
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    /// <summary>The program that tests share; its agents and sessions are everybody's.</summary>
    public LabApp App { get; private set; } = null!;

    /// <summary>The model of <see cref="ScriptedAgent"/>: a real server that speaks the OpenAI protocol.</summary>
    public OpenAiTestServer Model { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Visitor.Patience);
        Model = await OpenAiTestServer.StartAsync();
        App = await StartAppAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Timeout = 120_000,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        await App.DisposeAsync();
        await Model.DisposeAsync();
    }

    /// <summary>
    /// Starts a program whose default is the rehearsal model and that knows <see cref="Model"/> as <c>fake/test-model</c>, with the agent that uses it.
    /// </summary>
    public async Task<LabApp> StartAppAsync(string? dataDirectory = null, int port = 0, Action<WebApplicationBuilder>? more = null)
    {
        var app = await LabApp.StartAsync(
            builder =>
            {
                Configure(builder);
                builder.Configuration["urls"] = $"http://127.0.0.1:{port}";
                more?.Invoke(builder);
            },
            dataDirectory);
        await EnsureAgentAsync(app, ScriptedAgent);
        return app;
    }

    /// <summary>Makes an agent of this name on the scripted model, unless there is one.</summary>
    public static async Task EnsureAgentAsync(LabApp app, string name, params string[] suggestions)
    {
        var agents = app.Services.GetRequiredService<IAgentStore>();
        var actor = await AdministratorAsync(app);
        var definition = new AgentDefinition { Name = name, Description = "Says what a test wrote.", Instructions = "Answer.", Model = "fake/test-model", Suggestions = suggestions };
        var created = await agents.CreateAsync(definition, AgentStatus.Active, actor, CancellationToken.None);
        if (!created.Ok && created.Error.Code != "name_taken")
        {
            throw new InvalidOperationException(created.Error.Message);
        }
    }

    /// <summary>The administrator, as the domain knows it.</summary>
    public static async Task<Actor> AdministratorAsync(LabApp app) => new(await app.UserIdAsync(LabApp.Admin), ActorRole.Admin);

    /// <summary>The answer of the session's newest completed model call, out of the log.</summary>
    public static async Task<string> LoggedAnswerAsync(LabApp app, SessionId session)
    {
        var events = await app.Services.GetRequiredService<ISessionReader>()
            .ReadAsync(session, 0, long.MaxValue, 1, ["model.completed"], descending: true, CancellationToken.None);
        return ((ModelCompleted)events.Single().Data!).Answer.Text;
    }

    /// <summary>Somebody with a fresh browser context: signed in as the administrator unless anonymous.</summary>
    internal async Task<Visitor> VisitAsync(LabApp? app = null, bool signedIn = true, int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light)
    {
        app ??= App;
        var context = await ContextAsync(app.BaseAddress, width, height, scheme);
        if (signedIn)
        {
            if (!_cookies.TryGetValue(app, out var cookie))
            {
                _cookies[app] = cookie = await app.CookieAsync();
            }

            var (name, value) = (cookie[..cookie.IndexOf('=', StringComparison.Ordinal)], cookie[(cookie.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            await context.AddCookiesAsync([new() { Name = name, Value = value, Url = app.BaseAddress.ToString() }]);
        }

        return await Visitor.OpenAsync(context, app.BaseAddress);
    }

    /// <summary>Somebody who is not signed in, at an address that need not be a <see cref="LabApp"/>.</summary>
    internal async Task<Visitor> VisitAsync(Uri address) => await Visitor.OpenAsync(await ContextAsync(address, 1280, 800, ColorScheme.Light), address);

    private Task<IBrowserContext> ContextAsync(Uri address, int width, int height, ColorScheme scheme) => _browser.NewContextAsync(new()
    {
        BaseURL = address.ToString(),
        ViewportSize = new() { Width = width, Height = height },
        ColorScheme = scheme,
        ReducedMotion = ReducedMotion.Reduce,
        Locale = "en-GB",
    });

    private void Configure(WebApplicationBuilder builder)
    {
        builder.Configuration["AgentLab:Providers:fake:Name"] = "Test server";
        builder.Configuration["AgentLab:Providers:fake:Endpoint"] = Model.Endpoint.ToString();
        builder.Configuration["AgentLab:Providers:fake:Models"] = "test-model";
        builder.Configuration["AgentLab:Models:Default"] = "rehearsal/rehearsal";
        builder.Configuration["AgentLab:Models:Ollama:Enabled"] = "false";
    }
}

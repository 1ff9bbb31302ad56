using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentLab.Tests.Fakes.OpenAiServer;

/// <summary>
/// A real HTTP server on a free loopback port that speaks the OpenAI protocol: /v1/chat/completions, streamed or whole, and /v1/models.
/// What it answers is scripted: <see cref="Next"/> for the coming requests in order, else <see cref="Otherwise"/>. Safe for concurrent use.
/// </summary>
public sealed class OpenAiTestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<ModelScript> _next = new();
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private int _count;
    private int _answered;

    private OpenAiTestServer(WebApplication app) => _app = app;

    /// <summary>The provider's endpoint, ending in /v1.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>What /v1/models lists.</summary>
    public IReadOnlyList<string> Models { get; set; } = ["test-model"];

    /// <summary>The key that requests must carry; null takes any or none.</summary>
    public string? RequiredKey { get; set; }

    /// <summary>Answers a request when no script is waiting. Default: "Hello from the test server."</summary>
    public Func<ReceivedRequest, ModelScript> Otherwise { get; set; } = _ => ModelScript.Says("Hello from the test server.");

    /// <summary>The chat requests so far, in order of arrival.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    /// <summary>The chat requests whose answers went out to their very end.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Starts a server; it answers once this returns.</summary>
    /// <param name="port">0 for a free one; a number to come back where an earlier server was.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<OpenAiTestServer> StartAsync(int port = 0, CancellationToken cancellationToken = default)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, port));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var server = new OpenAiTestServer(app);
        app.Run(server.HandleAsync);
        await app.StartAsync(cancellationToken);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        server.Endpoint = new Uri($"{address}/v1");
        return server;
    }

    /// <summary>Answers the coming chat requests with these, one each, before <see cref="Otherwise"/> is asked.</summary>
    public OpenAiTestServer Next(params ReadOnlySpan<ModelScript> scripts)
    {
        foreach (var script in scripts)
        {
            _next.Enqueue(script);
        }

        return this;
    }

    /// <summary>Waits until one more chat request has come than at the last wait.</summary>
    public async Task<ReceivedRequest> WaitForRequestAsync(CancellationToken cancellationToken = default)
    {
        if (!await _arrived.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken))
        {
            throw new TimeoutException("No request came within 30 s.");
        }

        return _requests.Last();
    }

    public async ValueTask DisposeAsync()
    {
        // Hanging answers must not hold the stop up.
        await _stopping.CancelAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
        _stopping.Dispose();
        _arrived.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        try
        {
            await RouteAsync(context, ends.Token);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private async Task RouteAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var authorization = context.Request.Headers.Authorization.FirstOrDefault();
        if (RequiredKey is { } key && authorization != $"Bearer {key}")
        {
            // As some providers do: the key comes back in the error.
            await FailAsync(context, 401, JsonSerializer.Serialize(new { error = new { message = $"Incorrect API key provided: {authorization}" } }), cancellationToken);
            return;
        }

        switch (context.Request.Path.Value)
        {
            case "/v1/models":
                await context.Response.WriteAsJsonAsync(new { @object = "list", data = Models.Select(id => new { id, @object = "model" }) }, cancellationToken);
                break;
            case "/v1/chat/completions" when HttpMethods.IsPost(context.Request.Method):
                await ChatAsync(context, authorization, cancellationToken);
                break;
            default:
                context.Response.StatusCode = 404;
                break;
        }
    }

    private async Task ChatAsync(HttpContext context, string? authorization, CancellationToken cancellationToken)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: cancellationToken);
        var request = new ReceivedRequest(Interlocked.Increment(ref _count), context.Request.Path.Value!, authorization, body.RootElement.Clone());
        _requests.Enqueue(request);
        var script = _next.TryDequeue(out var next) ? next : Otherwise(request);
        _arrived.Release();
        if (script.Status != 200 || script.Body is not null)
        {
            SetHeaders(context, script);
            await FailAsync(context, script.Status, script.Body ?? "{}", cancellationToken);
            return;
        }

        var player = new ScriptPlayer(context, request, script);
        if (request.Streams ? await player.StreamAsync(cancellationToken) : await player.WholeAsync(cancellationToken))
        {
            Interlocked.Increment(ref _answered);
        }
    }

    private static void SetHeaders(HttpContext context, ModelScript script)
    {
        if (script.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = wait.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        }

        if (script.Location is { } location)
        {
            context.Response.Headers.Location = location;
        }
    }

    private static async Task FailAsync(HttpContext context, int status, string body, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body, cancellationToken);
    }
}

using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentLab.Bench.Fanout;

/// <summary>The reference: Kestrel with an endpoint and a hub that write what is published to whoever is connected, and do nothing else.</summary>
internal sealed class BareServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private BareServer(WebApplication app) => _app = app;

    public Broadcast Broadcast => _app.Services.GetRequiredService<Broadcast>();

    public int Port => new Uri(_app.Urls.First()).Port;

    public static async Task<BareServer> StartAsync(string[]? urls, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(urls ?? ["http://127.0.0.1:0"]);
        builder.Services.AddSingleton<Broadcast>();
        builder.Services.AddSignalR();
        var app = builder.Build();
        app.MapGet("/events", EventsAsync);
        app.MapGet("/health/ready", static () => "ready");
        app.MapHub<BareHub>("/hub");
        await app.StartAsync(cancellationToken);
        return new BareServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task EventsAsync(HttpContext context, Broadcast broadcast)
    {
        context.Response.ContentType = "text/event-stream";
        var body = context.Response.BodyWriter;
        for (var frame = broadcast.Newest; !context.RequestAborted.IsCancellationRequested; frame = await frame.Next.WaitAsync(context.RequestAborted))
        {
            await body.WriteAsync(frame.ServerSentEvents, context.RequestAborted);
        }
    }
}

/// <summary>A hub that streams what is published.</summary>
internal sealed class BareHub(Broadcast broadcast) : Hub
{
    public async IAsyncEnumerable<BareItem> Stream([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var frame = broadcast.Newest; ; frame = await frame.Next.WaitAsync(cancellationToken))
        {
            yield return new BareItem(frame.Json);
        }
    }
}

/// <summary>JSON that is finished already.</summary>
[JsonConverter(typeof(BareItemConverter))]
internal sealed record BareItem(byte[] Json);

/// <summary>Writes it as it is.</summary>
internal sealed class BareItemConverter : JsonConverter<BareItem>
{
    public override BareItem Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, BareItem value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json, skipInputValidation: true);
}

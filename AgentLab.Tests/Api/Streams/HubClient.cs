using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Api.Streams;

/// <summary>Hub connections over a plain WebSocket: the package that brings HTTP transports does not restore here.</summary>
internal static class HubClient
{
    /// <summary>A connection that is not started yet.</summary>
    /// <param name="address">The hub, http://127.0.0.1:1234/hubs/sessions.</param>
    /// <param name="token">The access token; null for none.</param>
    public static HubConnection Create(Uri address, Func<Task<string?>>? token = null)
    {
        var builder = new HubConnectionBuilder();
        Configure(builder, address, token);
        return builder.Build();
    }

    /// <summary>Gives a builder this transport.</summary>
    public static void Configure(IHubConnectionBuilder builder, Uri address, Func<Task<string?>>? token)
    {
        builder.Services.AddSingleton<EndPoint>(new UriEndPoint(new UriBuilder(address) { Scheme = address.Scheme == "https" ? "wss" : "ws" }.Uri));
        builder.Services.AddSingleton<IConnectionFactory>(new Factory(token));
    }

    /// <summary>A started connection to the app's hub as this person.</summary>
    public static async Task<HubConnection> ConnectAsync(LabApp app, string email = LabApp.Admin)
    {
        var token = (await app.LoginAsync(email)).GetProperty("accessToken").GetString();
        var connection = Create(new Uri(app.BaseAddress, "/hubs/sessions"), () => Task.FromResult(token));
        await connection.StartAsync();
        return connection;
    }

    /// <summary>The frames of a session as raw JSON.</summary>
    public static IAsyncEnumerable<JsonElement> FramesAsync(
        this HubConnection connection, string sessionId, long after, string? epoch, CancellationToken cancellationToken) =>
        connection.StreamAsync<JsonElement>("Stream", sessionId, after, epoch, cancellationToken);

    private sealed class Factory(Func<Task<string?>>? token) : IConnectionFactory
    {
        public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            var socket = new ClientWebSocket();
            if (token is not null && await token() is { } value)
            {
                socket.Options.SetRequestHeader("Authorization", $"Bearer {value}");
            }

            try
            {
                await socket.ConnectAsync(((UriEndPoint)endpoint).Uri, cancellationToken);
                return new SocketConnection(socket);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private sealed class SocketConnection : DefaultConnectionContext
    {
        private readonly ClientWebSocket _socket;
        private readonly Task _pumps;

        public SocketConnection(ClientWebSocket socket)
            : base(Guid.NewGuid().ToString())
        {
            _socket = socket;
            var pair = DuplexPipe.CreateConnectionPair(PipeOptions.Default, PipeOptions.Default);
            (Transport, Application) = (pair.Transport, pair.Application);
            _pumps = Task.WhenAll(ReceiveAsync(Application.Output), SendAsync(Application.Input));
        }

        public override void Abort(ConnectionAbortedException abortReason) => _socket.Abort();

        public override async ValueTask DisposeAsync()
        {
            _socket.Abort();
            await Transport.Output.CompleteAsync();
            await Transport.Input.CompleteAsync();
            await _pumps;
            _socket.Dispose();
            await base.DisposeAsync();
        }

        private async Task ReceiveAsync(PipeWriter output)
        {
            Exception? fault = null;
            try
            {
                while (true)
                {
                    var received = await _socket.ReceiveAsync(output.GetMemory(4096), CancellationToken.None);
                    if (received.MessageType == WebSocketMessageType.Close)
                    {
                        break;
                    }

                    output.Advance(received.Count);
                    if ((await output.FlushAsync(CancellationToken.None)).IsCompleted)
                    {
                        break;
                    }
                }
            }
            catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or OperationCanceledException)
            {
                fault = exception;
            }

            await output.CompleteAsync(fault);
        }

        private async Task SendAsync(PipeReader input)
        {
            try
            {
                while (true)
                {
                    var read = await input.ReadAsync(CancellationToken.None);
                    foreach (var part in read.Buffer)
                    {
                        await _socket.SendAsync(part, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
                    }

                    input.AdvanceTo(read.Buffer.End);
                    if (read.IsCompleted)
                    {
                        break;
                    }
                }
            }
            catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
            {
                // The other half reports the end of the connection.
            }

            await input.CompleteAsync();
        }
    }

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;

        public static (IDuplexPipe Transport, IDuplexPipe Application) CreateConnectionPair(PipeOptions toTransport, PipeOptions toApplication)
        {
            var inbound = new Pipe(toTransport);
            var outbound = new Pipe(toApplication);
            return (new DuplexPipe(inbound.Reader, outbound.Writer), new DuplexPipe(outbound.Reader, inbound.Writer));
        }
    }
}

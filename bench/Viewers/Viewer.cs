using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentLab.Bench.Viewers;

/// <summary>A viewer that costs little: a socket, a request, and a look for sequences in what comes. Speaks plain HTTP/1.1 or a WebSocket of SignalR.</summary>
internal sealed class Viewer(ViewerTarget target, Arrivals arrivals) : IDisposable
{
    private static readonly byte[] Ping = WebSocketFrames.Text("{\"type\":6}\u001e");
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private long _last;
    private volatile bool _stalled;

    /// <summary>Reads nothing any more, so that the server cannot get rid of its bytes. The socket stays open.</summary>
    public void Stall() => _stalled = true;

    /// <summary>Connects and asks. Returns when the answer has begun, with the reading that goes on until the connection ends.</summary>
    public async Task<Task> OpenAsync(CancellationToken cancellationToken)
    {
        if (target.ReceiveBuffer > 0)
        {
            _socket.ReceiveBufferSize = target.ReceiveBuffer;
        }

        await _socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, target.Port), cancellationToken);
        await SendAsync(Encoding.ASCII.GetBytes(target.IsHub ? Upgrade() : Get()), cancellationToken);
        var rest = await ReadHeadAsync(cancellationToken);
        if (target.IsHub)
        {
            await SendAsync(WebSocketFrames.Text("{\"protocol\":\"json\",\"version\":1}\u001e"), cancellationToken);
            await SendAsync(WebSocketFrames.Text(target.Invocation + "\u001e"), cancellationToken);
        }

        return ReadAsync(rest, cancellationToken);
    }

    /// <summary>A hub expects a sign of life from its client now and then.</summary>
    public async ValueTask PingAsync(CancellationToken cancellationToken)
    {
        if (target.IsHub)
        {
            await SendAsync(Ping, cancellationToken);
        }
    }

    public void Dispose() => _socket.Dispose();

    private string Get() =>
        $"GET {target.Path} HTTP/1.1\r\nHost: 127.0.0.1:{target.Port}\r\nAccept: text/event-stream\r\n{Authorization()}\r\n";

    private string Upgrade() =>
        $"GET {target.Path} HTTP/1.1\r\nHost: 127.0.0.1:{target.Port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{Authorization()}\r\n";

    private string Authorization() => target.Token is { } token ? $"Authorization: Bearer {token}\r\n" : string.Empty;

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, cancellationToken)..];
        }
    }

    /// <summary>The answer's head; returns what came behind it.</summary>
    private async Task<byte[]> ReadHeadAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        var have = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(buffer.AsMemory(have), cancellationToken);
            have += read;
            var end = buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8);
            if (read == 0 || have == buffer.Length || end >= 0)
            {
                var head = Encoding.ASCII.GetString(buffer, 0, end < 0 ? have : end);
                return head.StartsWith(target.IsHub ? "HTTP/1.1 101" : "HTTP/1.1 200", StringComparison.Ordinal)
                    ? buffer[(end + 4)..have]
                    : throw new InvalidOperationException($"{target.Path} answered: {head.Split('\r')[0]}");
            }
        }
    }

    private async Task ReadAsync(byte[] rest, CancellationToken cancellationToken)
    {
        var scanner = new SequenceScanner(Found);
        IBody body = target.IsHub ? new WebSocketBody(scanner) : new ChunkedBody(scanner);
        body.Read(rest);
        var buffer = new byte[8 * 1024];
        while (!_stalled)
        {
            var read = await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (read == 0)
            {
                throw new InvalidOperationException("The server closed the connection.");
            }

            body.Read(buffer.AsSpan(0, read));
        }
    }

    private void Found(long sequence)
    {
        if (_last != 0 && sequence != _last + 1)
        {
            arrivals.Fault();
        }

        _last = sequence;
        if (!_stalled)
        {
            arrivals.Add(sequence);
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace AgentLab.Tests.Api.Streams;

/// <summary>Stands between clients and the server and cuts each connection after a random number of the server's bytes, in the middle of whatever it sends.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _server;
    private readonly Random _random;
    private readonly int _most;
    private readonly Task _accepting;
    private int _cuts;
    private volatile bool _calm;

    /// <param name="server">Where the server listens.</param>
    /// <param name="seed">Makes the cuts repeatable.</param>
    /// <param name="most">The most bytes that a connection lives for.</param>
    public CuttingProxy(Uri server, int seed, int most)
    {
        _server = new IPEndPoint(IPAddress.Loopback, server.Port);
        _random = new Random(seed);
        _most = most;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>How many connections were cut.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>From now on nothing is cut.</summary>
    public void Calm() => _calm = true;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var carrying = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                carrying.Add(CarryAsync(client, _random.Next(1, _most)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(carrying);
        }
    }

    private async Task CarryAsync(TcpClient client, int budget)
    {
        using var near = client;
        using var far = new TcpClient();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        try
        {
            await far.ConnectAsync(_server, ended.Token);
            var up = near.GetStream().CopyToAsync(far.GetStream(), ended.Token);
            var down = DownAsync(far.GetStream(), near.GetStream(), budget, ended.Token);
            await Task.WhenAny(up, down);
            await ended.CancelAsync();
            // Reset, not closed: what was sent and not yet read is lost, as on a broken line.
            near.LingerState = new LingerOption(true, 0);
            await Task.WhenAll(up, down);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
        {
            // A cut, or one of the two went away.
        }
    }

    private async Task DownAsync(NetworkStream from, NetworkStream to, int budget, CancellationToken cancellationToken)
    {
        var buffer = new byte[8192];
        while (true)
        {
            var read = await from.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                return;
            }

            var pass = _calm ? read : Math.Min(read, budget);
            await to.WriteAsync(buffer.AsMemory(0, pass), cancellationToken);
            budget -= read;
            if (budget <= 0 && !_calm)
            {
                Interlocked.Increment(ref _cuts);
                return;
            }
        }
    }
}

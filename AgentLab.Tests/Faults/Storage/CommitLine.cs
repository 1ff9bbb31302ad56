using System.Net;
using System.Net.Sockets;

namespace AgentLab.Tests.Faults.Storage;

/// <summary>What befalls the next COMMIT on the line.</summary>
internal enum CommitFault
{
    None,

    /// <summary>It is lost on its way to the server.</summary>
    NeverArrives,

    /// <summary>It takes effect, and the answer is lost.</summary>
    AnswerLost,

    /// <summary>The line breaks, and the server gets it only after the client has come back to look.</summary>
    ArrivesLate,
}

/// <summary>Stands between the program and PostgreSQL and cuts the connection at a COMMIT, where the program cannot know what became of it.</summary>
internal sealed class CommitLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _server;
    private readonly Task _accepting;
    private TaskCompletionSource _lookedUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;
    private int _struck;

    public CommitLine(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many COMMITs were struck.</summary>
    public int Struck => Volatile.Read(ref _struck);

    /// <summary>Strikes the next COMMIT.</summary>
    public void Arm(CommitFault fault)
    {
        _lookedUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _next, (int)fault);
    }

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
                carrying.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(carrying);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var silence = new Silence();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _server, ended.Token);
            var up = UpAsync(near, far.GetStream(), silence, ended.Token);
            var down = DownAsync(far.GetStream(), near.GetStream(), silence, ended.Token);
            await Task.WhenAny(up, down);
            if (up.IsCompletedSuccessfully && await up is CommitFault.AnswerLost or CommitFault.ArrivesLate)
            {
                // The server shall have done it before its connection goes too.
                await Task.WhenAny(down, Task.Delay(TimeSpan.FromSeconds(5), ended.Token));
            }

            await ended.CancelAsync();
            await Task.WhenAll(up, down);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or one of the two went away.
        }
    }

    private async Task<CommitFault> UpAsync(TcpClient near, NetworkStream far, Silence silence, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var read = await near.GetStream().ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                return CommitFault.None;
            }

            var sent = buffer.AsMemory(0, read);
            if (sent.Span.IndexOf("pg_advisory_xact_lock"u8) >= 0 || sent.Span.IndexOf("append_id = "u8) >= 0)
            {
                _lookedUp.TrySetResult();
            }

            if (sent.Span.IndexOf("COMMIT\0"u8) < 0 || (CommitFault)Interlocked.Exchange(ref _next, 0) is not (not CommitFault.None and var fault))
            {
                await far.WriteAsync(sent, cancellationToken);
                continue;
            }

            silence.Fallen = true;
            await StrikeAsync(fault, near, far, sent, cancellationToken);
            return fault;
        }
    }

    /// <summary>Ends with the first of the server's words after the line fell silent: by then it has done what it was asked.</summary>
    private static async Task DownAsync(NetworkStream far, NetworkStream near, Silence silence, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (await far.ReadAsync(buffer, cancellationToken) is > 0 and var read && !silence.Fallen)
        {
            await near.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private async Task StrikeAsync(CommitFault fault, TcpClient near, NetworkStream far, ReadOnlyMemory<byte> commit, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _struck);
        _lookedUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        near.LingerState = new LingerOption(true, 0);
        if (fault == CommitFault.NeverArrives)
        {
            near.Close();
            return;
        }

        if (fault == CommitFault.ArrivesLate)
        {
            near.Close();
            await _lookedUp.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
            await Task.Delay(300, cancellationToken);
        }

        await far.WriteAsync(commit, cancellationToken);
        await far.FlushAsync(cancellationToken);
        near.Close();
    }

    /// <summary>Whether the client hears nothing any more.</summary>
    private sealed class Silence
    {
        private volatile bool _fallen;

        public bool Fallen
        {
            get => _fallen;
            set => _fallen = value;
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AgentLab.Tests.Fakes;

namespace AgentLab.Tests.Data.Hints;

/// <summary>A real Redis server of this test's own, to be stopped and started. It fails where the program is missing: what it proves must not be skipped.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentlab-redis-").FullName;
    private readonly int _port = Ports.Free();
    private Process? _process;

    /// <summary>How to reach it.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    public static async Task<RedisServer> StartedAsync()
    {
        var server = new RedisServer();
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it, again after <see cref="StopAsync"/>, and waits until it listens.</summary>
    public async Task StartAsync()
    {
        string[] arguments =
        [
            "--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--appendonly", "no", "--daemonize", "no", "--loglevel", "warning",
        ];
        _process = Process.Start(new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        while (!await AnswersAsync())
        {
            _process.HasExited.ShouldBeFalse("redis-server ended");
            await Task.Delay(50);
        }
    }

    /// <summary>Ends it at once: every connection breaks.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port);
            var line = client.GetStream();
            await line.WriteAsync("PING\r\n"u8.ToArray());
            return await line.ReadAsync(new byte[16]) > 0;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }
}

using System.Diagnostics;

namespace AgentLab.Bench.Startup;

/// <summary>A server in a process of its own, from its start to the line by which it says where it listens.</summary>
internal sealed class LabProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private LabProcess(Process process) => _process = process;

    /// <summary>From starting the process to being ready.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Resident memory in MB.</summary>
    public double ResidentMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it and waits until <c>/health/ready</c> (or, without one, the first request) is answered.</summary>
    public static async Task<LabProcess> StartAsync(
        string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetDirectoryName(assembly),
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var clock = Stopwatch.StartNew();
        var server = new LabProcess(Process.Start(start)!);
        try
        {
            server.Address = await server.AnnouncedAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
            using var client = new HttpClient();
            using var answer = await client.GetAsync(new Uri(server.Address, "/health/ready"), cancellationToken);
            answer.EnsureSuccessStatusCode();
            server.ReadyAfter = clock.Elapsed;
            _ = server._process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<Uri> AnnouncedAsync(CancellationToken cancellationToken)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Contains(" is ready at http", StringComparison.Ordinal))
            {
                return new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..].Split(' ')[0]);
            }
        }

        throw new InvalidOperationException("The server ended before it was ready.");
    }
}

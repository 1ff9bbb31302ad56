using System.Diagnostics;
using System.Globalization;
using AgentLab.Tests.Fakes;
using Npgsql;

namespace AgentLab.Tests.Data.Databases;

/// <summary>
/// One real PostgreSQL server for the test run, started at first use and stopped when the process has ended. It fails where the
/// binaries are missing: what it proves must not be skipped.
/// </summary>
internal sealed class PostgreSqlServer
{
    private static readonly string[] Roots = ["/usr/lib/postgresql", "/usr/local/pgsql"];
    private static readonly Lazy<Task<PostgreSqlServer>> Shared = new(StartAsync);
    private readonly string _folder;
    private readonly string _binaries;
    private readonly int _port;

    private PostgreSqlServer(string folder, string binaries, int port)
    {
        (_folder, _binaries, _port) = (folder, binaries, port);
    }

    public static Task<PostgreSqlServer> StartedAsync() => Shared.Value;

    /// <summary>A server of its own, for a test that stops and starts it.</summary>
    public static Task<PostgreSqlServer> StartOwnAsync() => StartAsync();

    /// <summary>How to reach a database of the server.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = "lab",
        Password = "lab",
        Database = database,
    }.ConnectionString;

    /// <summary>Where it listens on the loopback.</summary>
    public int Port => _port;

    /// <summary>Ends it as a power cut does: connections break, nothing is flushed; what was committed comes back from its log at the next start.</summary>
    public Task StopAtOnceAsync() => PgAsync("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");

    /// <summary>Starts it on its data, after <see cref="StopAtOnceAsync"/>.</summary>
    public Task StartAgainAsync()
    {
        var options = string.Create(
            CultureInfo.InvariantCulture, $"-p {_port} -k {_folder} -c listen_addresses=127.0.0.1 -c max_connections=300 -c fsync=off");
        return PgAsync("pg_ctl", "-D", Data, "-l", Path.Combine(_folder, "log"), "-w", "-t", "60", "-o", options, "start");
    }

    private static async Task<PostgreSqlServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("agentlab-pg-").FullName;
        var server = new PostgreSqlServer(folder, NewestBinaries(), Ports.Free());
        server.Watch();
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "postgres", folder);
        }

        await server.PgAsync("initdb", "-D", server.Data, "-U", "lab", "-A", "trust", "-E", "UTF8", "--no-sync");
        await server.StartAgainAsync();
        return server;
    }

    private string Data => Path.Combine(_folder, "data");

    private static string NewestBinaries()
    {
        var found = Roots
            .Where(Directory.Exists)
            .SelectMany(Directory.GetDirectories)
            .Select(folder => Path.Combine(folder, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "initdb")))
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(Path.GetDirectoryName(folder)), out var version) ? version : 0)
            .FirstOrDefault();
        return found ?? throw new InvalidOperationException("These tests need PostgreSQL's server: install it (Debian: apt-get install postgresql).");
    }

    private Task PgAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(_binaries, program);

        // PostgreSQL refuses to run as root.
        return Environment.IsPrivilegedProcess
            ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments])
            : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // Its output goes to files: the server inherits a pipe and would keep it open.
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Path.GetTempPath() };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Path.GetFileName(program)} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }

    /// <summary>
    /// A process of its own that waits for this one to end, however it ends (a killed test run too), and then stops the server and
    /// removes its folder.
    /// </summary>
    private void Watch()
    {
        var user = Environment.IsPrivilegedProcess ? "runuser -u postgres -- " : "";
        var script = $"exec >/dev/null 2>&1 </dev/null; while kill -0 {Environment.ProcessId}; do sleep 1; done; "
            + $"{user}'{_binaries}/pg_ctl' -D '{Data}' -m immediate -w stop; rm -rf '{_folder}'";
        Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", script]) { WorkingDirectory = Path.GetTempPath() })!.Dispose();
    }
}

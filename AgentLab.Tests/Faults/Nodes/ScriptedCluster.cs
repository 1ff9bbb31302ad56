using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using AgentLab.Tests.Fakes.OpenAiServer;
using AgentLab.Tests.Faults.Kills;

namespace AgentLab.Tests.Faults.Nodes;

/// <summary>Two nodes, Redis, PostgreSQL and nginx as <c>eng/cluster.sh</c> starts them, with one model that every node asks.</summary>
internal sealed partial class ScriptedCluster : IAsyncDisposable
{
    private readonly Process _script;
    private readonly List<string> _lines = [];
    private readonly Dictionary<string, (Uri Address, int Pid)> _nodes = [];

    private ScriptedCluster(Process script, OpenAiTestServer model) => (_script, Model) = (script, model);

    public OpenAiTestServer Model { get; }

    /// <summary>Where the balancer listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>A signed-in client of the balancer without a cookie: each request goes to any node.</summary>
    public HttpClient Client { get; private set; } = null!;

    public static async Task<ScriptedCluster> StartAsync()
    {
        var model = await OpenAiTestServer.StartAsync();
        var start = new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "eng", "cluster.sh"), "--port", "0", "--attached"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in LabProcess.Settings(model.Endpoint))
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        start.Environment["AgentLab__Node__Lease"] = "00:00:03";
        start.Environment["AGENTLAB_WEB"] = typeof(Program).Assembly.Location;
        var cluster = new ScriptedCluster(Process.Start(start)!, model);
        try
        {
            await cluster.ReadAsync().WaitAsync(TimeSpan.FromMinutes(5));
            cluster.Client = await LabProcess.SignedInAsync(cluster.Address);
            using var made = await cluster.Client.PostAsJsonAsync("/api/v1/agents", new { name = "Worker", instructions = "Work.", tools = new[] { "calculator", "date_time" } });
            made.EnsureSuccessStatusCode();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends a node at once: SIGKILL.</summary>
    public async Task KillAsync(string node)
    {
        using var process = Process.GetProcessById(_nodes[node].Pid);
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Ends the database at once, as a power cut does, and starts it again on what it had committed.</summary>
    public async Task RestartDatabaseAsync()
    {
        var programs = Directory.GetDirectories("/usr/lib/postgresql").OrderBy(folder => folder, StringComparer.Ordinal).Last();
        string[] control = [Path.Combine(programs, "bin", "pg_ctl"), "-D", Path.Combine(Database, "data"), "-m", "immediate", "-w", "-l", Path.Combine(Database, "log"), "restart"];
        string[] command = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", .. control] : control;
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = Path.GetTempPath() })!;
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
    }

    /// <summary>The node that answered the newest request for a path, as the balancer's log says.</summary>
    public async Task<string> ServedByAsync(string path, string method = "GET")
    {
        var log = Path.Combine(Path.GetDirectoryName(Database)!, "access.log");
        var line = (await File.ReadAllLinesAsync(log)).Last(l => l.EndsWith($" {method} {path}", StringComparison.Ordinal));
        return _nodes.Single(node => line.Contains($" {node.Value.Address.Authority} ", StringComparison.Ordinal)).Key;
    }

    public async ValueTask DisposeAsync()
    {
        // The script ends what it started once its input has ended.
        _script.StandardInput.Close();
        await _script.WaitForExitAsync();
        _script.Dispose();
        Client?.Dispose();
        await Model.DisposeAsync();
    }

    private string Database => _lines.Select(l => DatabaseLine().Match(l)).First(m => m.Success).Groups[1].Value;

    private async Task ReadAsync()
    {
        _script.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
            {
                lock (_lines)
                {
                    _lines.Add(line.Data);
                }
            }
        };
        _script.BeginErrorReadLine();
        while (await _script.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_lines)
            {
                _lines.Add(line);
            }

            if (NodeLine().Match(line) is { Success: true } node)
            {
                _nodes[node.Groups[1].Value] = (new Uri(node.Groups[2].Value), int.Parse(node.Groups[3].Value, CultureInfo.InvariantCulture));
            }
            else if (ReadyLine().Match(line) is { Success: true } ready)
            {
                Address = new Uri(ready.Groups[1].Value);
                return;
            }
        }

        throw new InvalidOperationException($"cluster.sh ended:\n{string.Join('\n', _lines)}");
    }

    [GeneratedRegex("^database +(.+)$")]
    private static partial Regex DatabaseLine();

    [GeneratedRegex("^node ([a-z]) +(http[^ ]+) +pid ([0-9]+)$")]
    private static partial Regex NodeLine();

    [GeneratedRegex("nodes are ready at (http.+)$")]
    private static partial Regex ReadyLine();
}

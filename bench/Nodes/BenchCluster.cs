using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Bench.Measure;

namespace AgentLab.Bench.Nodes;

/// <summary>Two nodes as <c>eng/cluster.sh</c> starts them, with clients that go to each of them directly.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    private const string Email = "bench@lab.test";

    private readonly Process _script;
    private readonly string _password;

    private BenchCluster(Process script, string password) => (_script, _password) = (script, password);

    /// <summary>Clients of the nodes, signed in.</summary>
    public List<HttpClient> Nodes { get; } = [];

    /// <summary>The folder with the database's socket.</summary>
    public string Database { get; private set; } = "";

    /// <summary>Where Redis listens; empty without it.</summary>
    public string Redis { get; private set; } = "";

    public static async Task<BenchCluster> StartAsync(bool redis, CancellationToken cancellationToken)
    {
        string[] without = redis ? [] : ["--without-redis"];
        var start = new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "eng", "cluster.sh"), "--port", "0", "--attached", .. without])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var password = $"Aa-7-{Guid.NewGuid():N}";
        foreach (var (name, value) in Settings(password))
        {
            start.Environment[name] = value;
        }

        var cluster = new BenchCluster(Process.Start(start)!, password);
        try
        {
            await cluster.ReadAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _script.StandardInput.Close();
        await _script.WaitForExitAsync(CancellationToken.None);
        _script.Dispose();
        Nodes.ForEach(node => node.Dispose());
    }

    private static Dictionary<string, string> Settings(string password) => new()
    {
        ["AgentLab__Admin__Email"] = Email,
        ["AgentLab__Admin__Password"] = password,
        ["AgentLab__Models__Ollama__Enabled"] = "false",
        ["AgentLab__RateLimits__Api"] = "1000000",
        ["AgentLab__RateLimits__Runs"] = "1000000",
    };

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (await _script.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["database", var folder]:
                    Database = folder;
                    break;
                case ["redis", var address, ..]:
                    Redis = address;
                    break;
                case ["node", _, var address, ..]:
                    Nodes.Add(await SignInAsync(new Uri(address), cancellationToken));
                    break;
                case ["AgentLab's", ..]:
                    return;
            }
        }

        throw new InvalidOperationException("eng/cluster.sh ended before its nodes were ready.");
    }

    private async Task<HttpClient> SignInAsync(Uri address, CancellationToken cancellationToken)
    {
        var client = new HttpClient { BaseAddress = address };
        using var answer = await client.PostAsJsonAsync("/api/v1/auth/login", new { email = Email, password = _password }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("accessToken").GetString();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }
}

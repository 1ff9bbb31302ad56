using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace AgentLab.Tests.Faults.Kills;

/// <summary>The real program as a process of its own on a free port of the loopback: to be killed as the kernel kills.</summary>
internal sealed class LabProcess : IDisposable
{
    public const string Email = "admin@lab.test";
    public const string Password = "Correct-Horse-7-Battery";

    private const string ReadyLine = "AgentLab is ready at ";
    private const int KeptLines = 60;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LabProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"The program ended before it was ready.\n{Output}"));
        process.EnableRaisingEvents = true;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its address, once it listens.</summary>
    public Task<Uri> Ready => _ready.Task;

    /// <summary>A signed-in client of this process.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>The last lines that it wrote.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts the program on this data directory and waits until it answers.</summary>
    public static async Task<LabProcess> StartAsync(string dataDirectory, Uri modelEndpoint, IReadOnlyDictionary<string, string>? more = null)
    {
        var lab = Launch(dataDirectory, modelEndpoint, more);
        try
        {
            var address = await lab._ready.Task.WaitAsync(TimeSpan.FromMinutes(5));
            lab.Client = await SignedInAsync(address);
            return lab;
        }
        catch
        {
            lab.Dispose();
            throw;
        }
    }

    /// <summary>Starts the program and waits for nothing.</summary>
    public static LabProcess Launch(string dataDirectory, Uri modelEndpoint, IReadOnlyDictionary<string, string>? more = null)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(typeof(Program).Assembly.Location),
        };
        foreach (var (name, value) in Settings(modelEndpoint).Append(new("AgentLab:DataDirectory", dataDirectory)).Concat(more ?? new Dictionary<string, string>()))
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new LabProcess(Process.Start(start)!);
    }

    /// <summary>Ends it at once: SIGKILL, between whatever two instructions it is.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        Client?.Dispose();
        _process.Dispose();
    }

    /// <summary>Settings under which a program serves tests: an administrator, this model as the default, no limits to get in the way.</summary>
    public static Dictionary<string, string> Settings(Uri modelEndpoint) => new()
    {
        ["DOTNET_ENVIRONMENT"] = "Production",
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["AgentLab:Admin:Email"] = Email,
        ["AgentLab:Admin:Password"] = Password,
        ["AgentLab:Providers:fake:Endpoint"] = modelEndpoint.ToString(),
        ["AgentLab:Providers:fake:Models:0"] = "test-model",
        ["AgentLab:Models:Default"] = "fake/test-model",
        ["AgentLab:Models:Ollama:Enabled"] = "false",
        ["AgentLab:Streams:PerUser"] = "1000",
        ["AgentLab:RateLimits:Api"] = "1000000",
        ["AgentLab:RateLimits:Runs"] = "1000000",
        ["AgentLab:RateLimits:SignIn"] = "1000000",
        ["AgentLab:RateLimits:SignInAddress"] = "1000000",
        ["Logging:LogLevel:Default"] = "Warning",
    };

    /// <summary>A client of a program under <see cref="Settings"/>, signed in as its administrator.</summary>
    public static async Task<HttpClient> SignedInAsync(Uri address)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = address };
        using var response = await client.PostAsJsonAsync("/api/v1/auth/login", new { email = Email, password = Password });
        response.EnsureSuccessStatusCode();
        var tokens = await response.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens.GetProperty("accessToken").GetString());
        return client;
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        while (_output.Count > KeptLines)
        {
            _output.TryDequeue(out _);
        }

        if (line.StartsWith(ReadyLine, StringComparison.Ordinal))
        {
            _ready.TrySetResult(new Uri(line[ReadyLine.Length..].Split(' ')[0]));
        }
    }
}

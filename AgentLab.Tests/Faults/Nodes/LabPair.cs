using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Tests.Api;
using AgentLab.Tests.Api.Streams;
using AgentLab.Tests.Data.Databases;
using AgentLab.Tests.Fakes.OpenAiServer;
using AgentLab.Tests.Faults.Kills;

namespace AgentLab.Tests.Faults.Nodes;

/// <summary>Two real processes on one real PostgreSQL database, each with a data directory of its own, and the model that both ask.</summary>
internal sealed class LabPair : PostgreSqlFixture
{
    private readonly string _rootKey = Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N");
    private readonly List<LabProcess> _processes = [];
    private OpenAiTestServer? _model;

    public LabProcess A { get; private set; } = null!;

    public LabProcess B { get; private set; } = null!;

    public OpenAiTestServer Model => _model!;

    /// <summary>Sessions that were asked for, each with its one turn.</summary>
    public List<WatchedSession> Sessions { get; } = [];

    public static async Task<LabPair> StartAsync(TimeSpan lease)
    {
        var pair = new LabPair();
        try
        {
            await pair.PrepareAsync();
            pair._model = await OpenAiTestServer.StartAsync();
            pair._model.Otherwise = WorkerModel.Answer;
            pair.A = await pair.AddAsync("a", lease);
            pair.B = await pair.AddAsync("b", lease);
            using var made = await pair.A.Client.PostAsJsonAsync(
                "/api/v1/agents", new { name = "Worker", instructions = "Work.", tools = new[] { "calculator", "date_time" } });
            made.EnsureSuccessStatusCode();
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts runs at a process.</summary>
    public async Task AskAsync(LabProcess process, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var marker = string.Create(CultureInfo.InvariantCulture, $"marker-{Sessions.Count}-1");
            using var response = await process.Client.PostAsJsonAsync("/api/v1/sessions", new { agent = "worker", message = $"Do {marker}." });
            var body = await response.Content.ReadFromJsonAsync<JsonElement>();
            response.IsSuccessStatusCode.ShouldBeTrue(body.GetRawText());
            var session = new WatchedSession(body.GetProperty("id").GetString()!);
            session.Turns.Add(new WatchedTurn(marker, body.GetProperty("runId").GetString()!, body.GetProperty("sequence").GetInt64()));
            Sessions.Add(session);
        }
    }

    /// <summary>Waits at a process until all runs have ended, and holds each log against what may be. Returns how many runs went on elsewhere than they began.</summary>
    public async Task<int> CheckAsync(LabProcess process)
    {
        foreach (var session in Sessions)
        {
            await Eventually.TrueAsync(async () => await StatusAsync(process, session.Id) is "completed" or "failed" or "cancelled");
        }

        var resumed = 0;
        foreach (var session in Sessions)
        {
            var check = new LogCheck(session, await ServedAsync(process, session.Id), Model.Requests);
            check.Run();
            resumed += check.Resumed;
        }

        return resumed;
    }

    public static async Task<string?> StatusAsync(LabProcess process, string session) =>
        (await process.Client.GetFromJsonAsync<JsonElement>($"/api/v1/sessions/{session}")).GetProperty("status").GetString();

    /// <summary>Reads a session's stream until an event of one of these types.</summary>
    public static async Task<List<string>> FollowAsync(LabProcess process, string session, params string[] until)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var events = new List<string>();
        await foreach (var e in EventStreamClient.ReadAsync(process.Client, EventStreamClient.Request(session), patience.Token))
        {
            if (e.Name == "message")
            {
                events.Add(e.Data);
                if (until.Contains(e.Json.GetProperty("type").GetString()))
                {
                    break;
                }
            }
        }

        return events;
    }

    /// <summary>Lets a process stand still (STOP) or go on (CONT).</summary>
    public static async Task SignalAsync(LabProcess process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        kill.ExitCode.ShouldBe(0);
    }

    public override async Task DisposeAsync()
    {
        _processes.ForEach(process => process.Dispose());
        if (_model is not null)
        {
            await _model.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    private static Task<List<string>> ServedAsync(LabProcess process, string session) => FollowAsync(process, session, "run.completed", "run.failed", "run.cancelled");

    private async Task<LabProcess> AddAsync(string name, TimeSpan lease)
    {
        var settings = new Dictionary<string, string>
        {
            ["AgentLab:Database:Provider"] = "PostgreSql",
            ["AgentLab:Database:ConnectionString"] = Settings["AgentLab:Database:ConnectionString"]!,
            ["AgentLab:Database:PoolSize"] = "20",
            ["AgentLab:RootKey"] = _rootKey,
            ["AgentLab:Node:Name"] = name,
            ["AgentLab:Node:Lease"] = lease.ToString("c", CultureInfo.InvariantCulture),
        };
        var process = await LabProcess.StartAsync(Path.Combine(Folder, name), Model.Endpoint, settings);
        _processes.Add(process);
        return process;
    }
}

using System.Diagnostics;
using System.Net.Http.Json;
using AgentLab.Tests.Fakes.OpenAiServer;

namespace AgentLab.Tests.Faults.Kills;

/// <summary>A program that is killed and started again on the same data, and the model that it asks. Its clients wait here for the next life.</summary>
internal sealed class KilledLab : IAsyncDisposable
{
    private readonly IReadOnlyDictionary<string, string> _more;
    // A busy machine may take minutes to start a process, and two are started where one is killed at its start.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private TimeSpan _lastStart;
    private TaskCompletionSource<LabProcess> _life = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private KilledLab(OpenAiTestServer model, IReadOnlyDictionary<string, string> more) => (Model, _more) = (model, more);

    public OpenAiTestServer Model { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("agentlab-kill-").FullName;

    /// <param name="more">More settings.</param>
    /// <param name="answer">What the model answers; by default what its agents at work do.</param>
    public static async Task<KilledLab> StartAsync(IReadOnlyDictionary<string, string>? more = null, Func<ReceivedRequest, ModelScript>? answer = null)
    {
        var model = await OpenAiTestServer.StartAsync();
        model.Otherwise = answer ?? WorkerModel.Answer;
        var lab = new KilledLab(model, more ?? new Dictionary<string, string>());
        try
        {
            await lab.ReviveAsync();
            var process = await lab.LivingAsync();
            using var made = await process.Client.PostAsJsonAsync(
                "/api/v1/agents", new { name = "Worker", instructions = "Work.", tools = new[] { "calculator", "date_time" } });
            made.EnsureSuccessStatusCode();
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>The process that lives, or the next one.</summary>
    public Task<LabProcess> LivingAsync() => Volatile.Read(ref _life).Task.WaitAsync(Patience);

    /// <summary>Starts a process and kills it while it starts: in the middle of opening the database or of taking up the runs that were left.</summary>
    public async Task KillAtStartAsync(int milliseconds)
    {
        using var starting = LabProcess.Launch(Folder, Model.Endpoint, _more);
        await Task.Delay(milliseconds);
        await starting.KillAsync();
    }

    /// <summary>Starts a process and kills it within the time that the last one took to start: while it opens the database, or later.</summary>
    public Task KillAtStartAsync(Random random) => KillAtStartAsync((int)(_lastStart.TotalMilliseconds * (0.3 + (random.NextDouble() * 0.7))));

    /// <summary>Starts a process and kills it so long after it listens: while it takes up the runs that were left.</summary>
    public async Task KillAtRecoveryAsync(int milliseconds)
    {
        using var starting = LabProcess.Launch(Folder, Model.Endpoint, _more);
        await starting.Ready.WaitAsync(TimeSpan.FromMinutes(5));
        await Task.Delay(milliseconds);
        await starting.KillAsync();
    }

    /// <summary>Kills the process; clients wait until the next one.</summary>
    public async Task KillAsync()
    {
        var dying = await LivingAsync();
        Volatile.Write(ref _life, new(TaskCreationOptions.RunContinuationsAsynchronously));
        await dying.KillAsync();
        dying.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (_life.Task.IsCompletedSuccessfully)
        {
            (await _life.Task).Dispose();
        }

        await Model.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Starts the next process, after <see cref="KillAsync"/>.</summary>
    public async Task ReviveAsync()
    {
        try
        {
            var began = Stopwatch.GetTimestamp();
            var process = await LabProcess.StartAsync(Folder, Model.Endpoint, _more);
            _lastStart = Stopwatch.GetElapsedTime(began);
            _life.SetResult(process);
        }
        catch (Exception e)
        {
            _life.SetException(e);
            throw;
        }
    }
}

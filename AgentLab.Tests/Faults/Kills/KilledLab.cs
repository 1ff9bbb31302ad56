using System.Net.Http.Json;
using AgentLab.Tests.Fakes.OpenAiServer;

namespace AgentLab.Tests.Faults.Kills;

/// <summary>A program that is killed and started again on the same data, and the model that it asks. Its clients wait here for the next life.</summary>
internal sealed class KilledLab : IAsyncDisposable
{
    private TaskCompletionSource<LabProcess> _life = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private KilledLab(OpenAiTestServer model) => Model = model;

    public OpenAiTestServer Model { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("agentlab-kill-").FullName;

    public static async Task<KilledLab> StartAsync()
    {
        var model = await OpenAiTestServer.StartAsync();
        model.Otherwise = WorkerModel.Answer;
        var lab = new KilledLab(model);
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
    public Task<LabProcess> LivingAsync() => Volatile.Read(ref _life).Task.WaitAsync(TimeSpan.FromMinutes(3));

    /// <summary>Kills the process and starts the next one.</summary>
    public async Task KillAndReviveAsync()
    {
        await KillAsync();
        await ReviveAsync();
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

    private async Task ReviveAsync()
    {
        try
        {
            _life.SetResult(await LabProcess.StartAsync(Folder, Model.Endpoint));
        }
        catch (Exception e)
        {
            _life.SetException(e);
            throw;
        }
    }
}

using System.Text.Json;
using AgentLab.Core.Agents;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Approvals;
using AgentLab.Core.Identity;
using AgentLab.Core.Models;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Tests.Data.Databases;
using AgentLab.Tests.Data.Sessions;
using AgentLab.Tests.Fakes;
using AgentLab.Tests.Fakes.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Workflows.Engine;

/// <summary>The workflow engine over a real SQLite log, with the real kinds and a few that a test steers.</summary>
internal sealed class WorkflowHost : SqliteFixture, IAsyncDisposable
{
    public static Actor Alice { get; } = new(Guid.NewGuid(), ActorRole.Editor);

    public Bench Bench { get; } = new();

    public FewVersions Versions { get; } = new(Alice.UserId);

    public OneAgentStore Agents { get; } = new(new AgentDefinition { Name = "Agent", Instructions = "Be exact.", Tools = ["calculator"] });

    public ScriptedModel Model { get; init; } = new((_, _) => throw new InvalidOperationException("No model is asked."));

    /// <summary>What a test adds to the installation.</summary>
    public Action<IServiceCollection>? More { get; init; }

    public override Dictionary<string, string?> Settings => new(base.Settings) { ["AgentLab:Egress:Allow:0"] = "127.0.0.0/8" };

    public IWorkflowRuns Runs => Services.GetRequiredService<IWorkflowRuns>();

    public IApprovals Approvals => Services.GetRequiredService<IApprovals>();

    public ISessionReader Reader => Services.GetRequiredService<ISessionReader>();

    public static async Task<WorkflowHost> StartAsync(ScriptedModel? model = null, Action<IServiceCollection>? more = null)
    {
        var host = model is null ? new WorkflowHost { More = more } : new WorkflowHost { Model = model, More = more };
        await host.InitializeAsync();
        await LogHost.StartAsync(host);
        return host;
    }

    /// <summary>Ends the process as it stops, and starts it again.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync([]);
        await LogHost.StartAsync(this);
    }

    public Task<WorkflowRunReceipt> RunAsync(Drawn drawn, string input = "{}") => RunAsync(new StartWorkflowRun { Definition = drawn.Done(), Input = JsonElement.Parse(input) });

    public async Task<WorkflowRunReceipt> RunAsync(StartWorkflowRun command)
    {
        var started = await Runs.StartAsync(command, Alice, CancellationToken.None);
        started.Ok.ShouldBeTrue(string.Join(" ", started.Errors.Select(e => $"{e.Field}: {e.Message}")));
        return started.Value!;
    }

    /// <summary>Waits until the run has ended or waits.</summary>
    public async Task<WorkflowRunState> SettleAsync(WorkflowRunReceipt run)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            await Services.GetRequiredService<IRunSupervisor>().WhenIdleAsync(run.RunId, limit.Token);
            var state = (await Runs.FindAsync(run.RunId, Alice, limit.Token))!;
            if (state.Status != "running")
            {
                return state;
            }

            await Task.Delay(10, limit.Token);
        }
    }

    /// <summary>Waits until a step has an event of this kind.</summary>
    public async Task<T> SeeAsync<T>(WorkflowRunReceipt run, string? step = null) where T : EventData
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            if ((await EventsAsync(run)).FirstOrDefault(e => e.StepId == step && e.Data is T)?.Data is T found)
            {
                return found;
            }

            await Task.Delay(10, limit.Token);
        }
    }

    public async Task<WorkflowRunState> RunToEndAsync(Drawn drawn, string input = "{}") => await SettleAsync(await RunAsync(drawn, input));

    public async Task<IReadOnlyList<SessionEvent>> EventsAsync(WorkflowRunReceipt run) =>
        await Reader.ReadAsync(run.SessionId, 0, long.MaxValue, 5000, null, descending: false, CancellationToken.None);

    /// <summary>The steps that have a value, with its port.</summary>
    public async Task<Dictionary<string, string>> PortsAsync(WorkflowRunReceipt run) => (await EventsAsync(run))
        .Where(e => e.Data is NodeCompleted).ToDictionary(e => e.StepId!, e => ((NodeCompleted)e.Data!).Port);

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    protected override void Configure(IServiceCollection services, IConfiguration configuration)
    {
        var files = new NoFiles();
        services.AddSingleton<IModelClients>(Model);
        services.AddSingleton<IAgentStore>(Agents);
        services.AddSingleton<IAttachmentStore>(files);
        services.AddSingleton<ISessionAttachments>(files);
        services.AddSingleton(Bench);
        services.AddSingleton<IWorkflowVersions>(Versions);
        More?.Invoke(services);
        services.AddNodeKind<WorkKind>().AddNodeKind<WriteKind>().AddNodeKind<ChooseKind>().AddNodeKind<PauseKind>().AddNodeKind<AskKind>().AddNodeKind<StubbornKind>();
        services.AddAgentLabTools(configuration);
        services.AddAgentLabRuns(configuration);
        services.AddAgentLabNodes();
        services.AddWorkflowEngine();
    }
}

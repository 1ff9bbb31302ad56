using AgentLab.Core.Agents;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Approvals;
using AgentLab.Core.Identity;
using AgentLab.Core.Models;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using AgentLab.Tests.Data.Databases;
using AgentLab.Tests.Data.Sessions;
using AgentLab.Tests.Fakes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Agents;

/// <summary>The agent loop over a real SQLite log, with a scripted model and tools that a test brings.</summary>
internal sealed class RunHost : SqliteFixture, IAsyncDisposable
{
    private readonly ScriptedModel _model;
    private readonly List<Tool> _tools;

    private RunHost(ScriptedModel model, AgentDefinition definition, IEnumerable<Tool> tools)
    {
        (_model, _tools) = (model, [.. tools]);
        Agents = new OneAgentStore(definition with { Tools = [.. _tools.Select(t => t.Name), .. definition.Tools] });
    }

    public static Actor Alice { get; } = new(Guid.NewGuid(), ActorRole.Editor);

    public OneAgentStore Agents { get; }

    public ISessionCommands Commands => Services.GetRequiredService<ISessionCommands>();

    public IApprovals Approvals => Services.GetRequiredService<IApprovals>();

    public ISessionReader Reader => Services.GetRequiredService<ISessionReader>();

    public RunSupervisor Supervisor => Services.GetRequiredService<RunSupervisor>();

    public AwayLog Log => (AwayLog)Services.GetRequiredService<ISessionLog>();

    public static async Task<RunHost> StartAsync(ScriptedModel model, IEnumerable<Tool>? tools = null, AgentDefinition? definition = null)
    {
        var host = new RunHost(model, definition ?? new AgentDefinition { Name = "Agent", Instructions = "Be exact.", Approvals = new ApprovalPolicy { Ask = AskWhen.Never } }, tools ?? []);
        await host.InitializeAsync();
        await host.StartLoopAsync();
        return host;
    }

    public static Tool NewTool(string name, Func<string> call, ToolEffect effect = ToolEffect.Read, bool? repeatSafe = null)
    {
        var function = AIFunctionFactory.Create(call, name, $"The tool {name}.");
        return repeatSafe is { } safe ? new Tool(function, name, effect) { RepeatSafe = safe } : new Tool(function, name, effect);
    }

    public async Task StartLoopAsync()
    {
        await LogHost.StartAsync(this);
        await Supervisor.StartAsync(CancellationToken.None);
    }

    /// <summary>Ends the loop as a stopping process does, and the storage with it; then starts both again.</summary>
    public async Task RestartAsync()
    {
        await Supervisor.StopAsync(CancellationToken.None);
        await Services.GetRequiredService<AgentLab.Data.Sessions.Log.SessionLog>().StopAsync(CancellationToken.None);
        await StopAsync();
        await StartAsync();
        await StartLoopAsync();
    }

    public async Task<SessionId> AskAsync(string text = "Go.")
    {
        var started = await Commands.StartAsync(new StartSession("agent", text), Alice, CancellationToken.None);
        started.Ok.ShouldBeTrue(started.Error?.Message);
        return started.Value!.Session.Id;
    }

    /// <summary>Follows the session until its run has ended or waits.</summary>
    public async Task<SessionSummary> SettleAsync(SessionId id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var cursor = (await Services.GetRequiredService<ISessionFeed>().OpenAsync(id, SessionPosition.Start, new TestViewer(), limit.Token))!;
        while (true)
        {
            var session = (await Reader.FindAsync(id, limit.Token))!;
            if (session.Status is not (SessionStatus.Running or SessionStatus.Idle))
            {
                if (session.ActiveRunId is { } run)
                {
                    await ((IRunSupervisor)Supervisor).WhenIdleAsync(run, limit.Token);
                }

                return session;
            }

            await cursor.ReadAsync(1000, limit.Token);
            await cursor.WaitAsync(TimeSpan.FromMilliseconds(200), limit.Token);
        }
    }

    public async Task<IReadOnlyList<SessionEvent>> EventsAsync(SessionId id) =>
        await Reader.ReadAsync(id, 0, long.MaxValue, 5000, null, descending: false, CancellationToken.None);

    public async Task<string> AnswerAsync(SessionId id) =>
        (await EventsAsync(id)).Select(e => e.Data).OfType<ModelCompleted>().Last().Answer.Text;

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await Supervisor.StopAsync(CancellationToken.None);
        await Services.GetRequiredService<AgentLab.Data.Sessions.Log.SessionLog>().StopAsync(CancellationToken.None);
        await DisposeAsync();
    }

    protected override void Configure(IServiceCollection services, IConfiguration configuration)
    {
        var files = new NoFiles();
        services.AddSingleton<IModelClients>(_model);
        services.AddSingleton<ISessionLog>(provider => new AwayLog(provider.GetRequiredService<AgentLab.Data.Sessions.Log.SessionLog>()));
        services.AddSingleton<IAgentStore>(Agents);
        services.AddSingleton<IAttachmentStore>(files);
        services.AddSingleton<ISessionAttachments>(files);
        foreach (var tool in _tools)
        {
            services.AddSingleton(tool);
        }

        services.AddAgentLabTools(configuration);
        services.AddAgentLabRuns(configuration);
    }
}

using System.Text.Json;
using AgentLab.Core.Agents;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Approvals;
using AgentLab.Core.Identity;
using AgentLab.Core.Models;
using AgentLab.Core.Sessions;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Data.Sessions;
using AgentLab.Tests.Api;
using AgentLab.Tests.Data.Databases;
using AgentLab.Tests.Fakes;
using AgentLab.Tests.Fakes.Workflows;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentLab.Tests.Core.Agents.Leases;

/// <summary>Several nodes on one real PostgreSQL database, in this process: agents and workflows over the real log, with a scripted model and nodes that a test steers.</summary>
internal sealed class NodesHost(ScriptedModel model, IReadOnlyList<Tool> tools) : PostgreSqlFixture, IAsyncDisposable
{
    private readonly List<IHost> _nodes = [];
    private readonly OneAgentStore _agents = new(new AgentDefinition { Name = "Agent", Instructions = "Be exact.", Tools = [.. tools.Select(tool => tool.Name)] });

    public static Actor Alice { get; } = new(Guid.NewGuid(), ActorRole.Editor);

    /// <summary>What the nodes of workflows did, whichever host ran them.</summary>
    public Bench Bench { get; } = new();

    /// <summary>Redis, where it shall carry the hints; empty for NOTIFY.</summary>
    public string Redis { get; set; } = "";

    /// <summary>A lease that does not end while a test runs: what it ends by, the test does.</summary>
    public static async Task<NodesHost> StartAsync(ScriptedModel? model = null, params IReadOnlyList<Tool> tools)
    {
        var host = new NodesHost(model ?? new ScriptedModel((_, _) => throw new InvalidOperationException("No model is asked.")), tools);
        await host.PrepareAsync();
        return host;
    }

    public async Task<LabNode> AddAsync(string name)
    {
        var host = Build(KeyValuePair.Create("AgentLab:Node:Name", (string?)name), KeyValuePair.Create("AgentLab:Node:Lease", (string?)"00:05:00"), KeyValuePair.Create("AgentLab:Hints:Redis", (string?)Redis));
        _nodes.Add(host);
        await host.StartAsync();
        return new LabNode(host);
    }

    /// <summary>Ends a node as it stops.</summary>
    public async Task StopAsync(LabNode node)
    {
        _nodes.Remove(node.Host);
        await node.Host.StopAsync();
        await ((IAsyncDisposable)node.Host).DisposeAsync();
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.StopAsync();
            await ((IAsyncDisposable)node).DisposeAsync();
        }

        await DisposeAsync();
    }

    protected override void Configure(IServiceCollection services, IConfiguration configuration)
    {
        var files = new NoFiles();
        services.AddSingleton<IModelClients>(model);
        services.AddSingleton<IAgentStore>(_agents);
        services.AddSingleton<IAttachmentStore>(files);
        services.AddSingleton<ISessionAttachments>(files);
        services.AddSingleton(Bench);
        foreach (var tool in tools)
        {
            services.AddSingleton(tool);
        }

        services.AddSingleton<IWorkflowVersions>(new FewVersions(Alice.UserId));
        services.AddNodeKind<WorkKind>().AddNodeKind<WriteKind>().AddNodeKind<ChooseKind>().AddNodeKind<PauseKind>();
        services.AddAgentLabTools(configuration);
        services.AddAgentLabRuns(configuration);
        services.AddAgentLabNodes();
        services.AddWorkflowEngine();
    }
}

/// <summary>One node of several.</summary>
internal sealed class LabNode(IHost host)
{
    public IHost Host => host;

    public NodeLease Lease => Get<NodeLease>();

    public string Id => Lease.NodeId;

    public ISessionReader Reader => Get<ISessionReader>();

    public IWorkflowRuns Runs => Get<IWorkflowRuns>();

    public IApprovals Approvals => Get<IApprovals>();

    public T Get<T>() where T : notnull => host.Services.GetRequiredService<T>();

    public async Task<(SessionId Session, RunId Run)> AskAsync()
    {
        var started = await Get<ISessionCommands>().StartAsync(new StartSession("agent", "Go."), NodesHost.Alice, CancellationToken.None);
        started.Ok.ShouldBeTrue(started.Error?.Message);
        return (started.Value!.Session.Id, started.Value.RunId!.Value);
    }

    public async Task<WorkflowRunReceipt> RunAsync(Drawn drawn)
    {
        var started = await Runs.StartAsync(new StartWorkflowRun { Definition = drawn.Done(), Input = JsonElement.Parse("{}") }, NodesHost.Alice, CancellationToken.None);
        started.Ok.ShouldBeTrue(string.Join(" ", started.Errors.Select(e => $"{e.Field}: {e.Message}")));
        return started.Value!;
    }

    public async Task<IReadOnlyList<SessionEvent>> EventsAsync(SessionId id) =>
        await Reader.ReadAsync(id, 0, long.MaxValue, 5000, null, descending: false, CancellationToken.None);

    /// <summary>Waits for the end of the session's run, which must be this one.</summary>
    public async Task EndedAsync(SessionId id, SessionStatus status)
    {
        await Eventually.TrueAsync(async () => (await Reader.FindAsync(id, CancellationToken.None))!.ActiveRunId is null);
        (await Reader.FindAsync(id, CancellationToken.None))!.Status.ShouldBe(status);
    }

    /// <summary>Strikes out a node as if its lease were over, and takes what it had.</summary>
    public async Task TakeOverAsync(string id)
    {
        await Get<AgentLab.Data.Databases.LabDatabase>().WriteAsync(
            (context, token) => context.Set<NodeRow>().Where(n => n.Id == id).ExecuteUpdateAsync(set => set.SetProperty(n => n.LeaseUntil, 1), token), CancellationToken.None);
        await Get<RunSweeper>().SweepAsync(CancellationToken.None);
    }
}

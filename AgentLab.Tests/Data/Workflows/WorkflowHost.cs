using AgentLab.Core.Hosting.Hints;
using System.Text.Json;
using AgentLab.Core.Identity;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Core.Workflows.Triggers;
using AgentLab.Data.Sessions.Log;
using AgentLab.Data.Workflows;
using AgentLab.Tests.Data.Databases;
using AgentLab.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Data.Workflows;

/// <summary>The workflow store over a database of a fixture, with a clock of its own.</summary>
public sealed class WorkflowHost : IDisposable
{
    public static readonly Actor Admin = new(Guid.NewGuid(), ActorRole.Admin);

    private static readonly TestKinds Kinds = new(
    [
        .. TestKinds.Usual.All,
        new TestKind("webhook_trigger") { Role = NodeRole.Trigger, Inputs = [] },
        new TestKind("workflow_event_trigger") { Role = NodeRole.Trigger, Inputs = [] },
    ]);

    private readonly ServiceProvider _services;

    public WorkflowHost(DatabaseFixture fixture) => _services = new ServiceCollection()
        .AddLogging()
        .AddSingleton(fixture.Database)
        .AddSingleton<TimeProvider>(Time)
        .AddSingleton<WorkflowEndWatch>()
        .AddSingleton<IHints, NoHints>()
        .AddSingleton<INodeKinds>(Kinds)
        .AddWorkflowDefinitions()
        .AddAgentLabWorkflowStore()
        .BuildServiceProvider();

    internal SteppedTime Time { get; } = new();

    public Actor Editor { get; } = new(Guid.NewGuid(), ActorRole.Editor);

    public Actor Other { get; } = new(Guid.NewGuid(), ActorRole.Editor);

    public Actor Viewer { get; } = new(Guid.NewGuid(), ActorRole.Viewer);

    /// <summary>A word that marks the workflows of one test: the suite's share one database.</summary>
    public string Mark { get; } = Guid.NewGuid().ToString("N");

    public IWorkflowStore Store => Get<IWorkflowStore>();

    public IWorkflowVersions Versions => Get<IWorkflowVersions>();

    public IWorkflowHooks Hooks => Get<IWorkflowHooks>();

    public IWorkflowRooms Rooms => Get<IWorkflowRooms>();

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public void Dispose() => _services.Dispose();

    public WorkflowDefinition Named(string name, string nodes = "start:start", string edges = "") => Draw.Workflow(nodes, edges) with { Name = $"{name} {Mark}" };

    public WorkflowDefinition Hooked(string name, string slug, string method = "POST") => Named(name) with
    {
        Nodes = [Draw.Node("hook:webhook_trigger", JsonSerializer.Serialize(new { slug, method }))],
    };

    public WorkflowQuery Query() => new() { Text = Mark, Limit = 100 };

    public async Task<Workflow> CreatedAsync(WorkflowDefinition definition, Actor? actor = null)
    {
        var outcome = await Store.CreateAsync(definition, actor ?? Editor, default);
        outcome.Errors.ShouldBeEmpty();
        return outcome.Value!;
    }

    public async Task<Workflow> PublishedAsync(WorkflowDefinition definition, Actor? actor = null)
    {
        var created = await CreatedAsync(definition, actor);
        var outcome = await Store.PublishAsync(created.Id, created.Revision, "", actor ?? Editor, default);
        outcome.Errors.ShouldBeEmpty();
        return outcome.Value!;
    }

    public async Task<Workflow> FoundAsync(Guid id) => (await Store.FindAsync(id.ToString(), Admin, default)).ShouldNotBeNull();

    /// <summary>A gesture that adds one node.</summary>
    public Task<AgentLab.Core.Outcome<DraftCommit>> AddAsync(Guid workflow, long baseRevision, string node, Actor? actor = null, Guid? gesture = null) =>
        Store.CommitAsync(workflow, baseRevision, gesture ?? Guid.NewGuid(), $"Add {node}", [new AddNode(Draw.Node($"{node}:set"))], actor ?? Editor, default);
}

using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Gallery;
using AgentLab.Data.Workflows;
using AgentLab.Tests.Data.Databases;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentLab.Tests.Data.Workflows;

public abstract class WorkflowSeedSuite<TFixture>(TFixture fixture) : IAsyncLifetime
    where TFixture : DatabaseFixture
{
    public Task InitializeAsync() => fixture.InitializeAsync();

    public Task DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task Start_NewDatabase_PublishesTheStartersForEveryone()
    {
        using var host = new WorkflowHost(fixture);
        await SeedAsync(host, "first", "second");

        var found = (await host.Store.ListAsync(new WorkflowQuery(), host.Viewer, default)).Items;

        found.Select(workflow => workflow.Slug).ShouldBe(["first", "second"], ignoreOrder: true);
        found.ShouldAllBe(workflow => workflow.OwnerId == Guid.Empty && workflow.PublishedVersion == 1 && !workflow.HasChanges);
        (await host.Versions.ResolveAsync("first", null, default))!.Definition.ShouldNotBeNull();
        (await host.AddAsync(found[0].Id, 1, "a")).Error!.Code.ShouldBe("forbidden");
    }

    [Fact]
    public async Task Start_AgainAfterADeletion_DoesNotBringItBackButMakesNewOnes()
    {
        using var host = new WorkflowHost(fixture);
        await SeedAsync(host, "first");
        var first = (await host.Store.FindAsync("first", WorkflowHost.Admin, default))!;
        await host.Store.DeleteAsync(first.Id, WorkflowHost.Admin, default);

        await SeedAsync(host, "first", "second");

        (await host.Store.ListAsync(new WorkflowQuery(), WorkflowHost.Admin, default)).Items.Select(workflow => workflow.Slug).ShouldBe(["second"]);
    }

    private Task SeedAsync(WorkflowHost host, params string[] ids) =>
        new WorkflowSeed(fixture.Database, new Gallery(host, ids), host.Get<IWorkflowRules>(), host.Time, NullLogger<WorkflowSeed>.Instance).StartAsync(default);

    private sealed class Gallery(WorkflowHost host, string[] ids) : IWorkflowGallery
    {
        public IReadOnlyList<GalleryTemplate> List { get; } =
        [
            .. ids.Select(id => new GalleryTemplate(id, id, "", "Data", [], true, host.Named(id), default, "")),
            new("other", "other", "", "Data", [], false, host.Named("other"), default, ""),
        ];

        public GalleryTemplate? Find(string id) => List.FirstOrDefault(template => template.Id == id);

        public AgentLab.Core.Outcome<WorkflowDefinition> Use(string id, string? name = null) => AgentLab.Core.Outcome<WorkflowDefinition>.Success(Find(id)!.Definition);
    }
}

public sealed class SqliteWorkflowSeedTests() : WorkflowSeedSuite<SqliteFixture>(new SqliteFixture());

public sealed class PostgreSqlWorkflowSeedTests() : WorkflowSeedSuite<PostgreSqlFixture>(new PostgreSqlFixture());

[NeedsSqlServer]
public sealed class SqlServerWorkflowSeedTests() : WorkflowSeedSuite<SqlServerFixture>(new SqlServerFixture());

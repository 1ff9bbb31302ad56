using AgentLab.Data.Databases;
using AgentLab.Data.Projects;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentLab.Tests.Data.Databases;

public abstract class MigratorSuite<TFixture>(TFixture fixture)
    where TFixture : DatabaseFixture
{
    [Fact]
    public async Task Migrate_NewDatabase_HasTheDefaultProject()
    {
        var project = await fixture.Database.ReadAsync(
            (context, token) => context.Projects.SingleAsync(row => row.Key == Project.DefaultKey, token), default);

        project.Id.ShouldBe(Project.DefaultId);
    }

    [Fact]
    public async Task Migrate_SecondStart_ChangesNothing()
    {
        var before = await SchemaAsync();

        await fixture.StopAsync();
        await fixture.StartAsync();

        (await SchemaAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Insert_AfterTheDefaultProject_TakesTheNextKey()
    {
        var key = await fixture.Database.WriteAsync(
            async (context, token) =>
            {
                var id = Guid.CreateVersion7();
                var project = new Project { Id = id, Name = $"{id}", NormalizedName = $"{id}" };
                context.Add(project);
                await context.SaveChangesAsync(token);
                return project.Key;
            },
            default);

        key.ShouldBeGreaterThan(Project.DefaultKey);
    }

    [Fact]
    public async Task Health_Started_IsHealthy()
    {
        var report = await fixture.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "database");

        report.Status.ShouldBe(HealthStatus.Healthy);
    }

    private Task<string> SchemaAsync() => fixture.Database.ReadAsync(
        async (context, token) =>
        {
            var applied = await context.Database.GetAppliedMigrationsAsync(token);
            var version = await InstanceRows.GetAsync(context, InstanceRow.SchemaVersion, token);
            var epoch = await InstanceRows.GetAsync(context, InstanceRow.Epoch, token);
            return $"{string.Join(',', applied)} {version} {epoch}";
        },
        default);
}

public sealed class SqliteMigratorTests(SqliteFixture fixture) : MigratorSuite<SqliteFixture>(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgreSqlMigratorTests(PostgreSqlFixture fixture) : MigratorSuite<PostgreSqlFixture>(fixture), IClassFixture<PostgreSqlFixture>
{
    [Fact]
    public async Task Start_SeveralNodesAtOnceOnNoDatabase_AllStart()
    {
        var lab = new PostgreSqlFixture();
        await lab.PrepareAsync();
        var nodes = Enumerable.Range(0, 3).Select(_ => lab.Build()).ToList();

        await Task.WhenAll(nodes.Select(node => node.StartAsync()));

        nodes.Select(node => node.Services.GetRequiredService<IEpoch>().Current).Distinct().Count().ShouldBe(1);
        foreach (var node in nodes)
        {
            await node.StopAsync();
            await ((IAsyncDisposable)node).DisposeAsync();
        }

        await lab.DisposeAsync();
    }
}

using AgentLab.Core.Agents;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Tools;
using AgentLab.Data.Agents;
using AgentLab.Tests.Data.Databases;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentLab.Tests.Data.Agents;

public abstract class AgentSeedSuite<TFixture>(TFixture fixture) : IAsyncLifetime
    where TFixture : DatabaseFixture
{
    private static readonly Actor Admin = new(Guid.NewGuid(), ActorRole.Admin);

    public Task InitializeAsync() => fixture.InitializeAsync();

    public Task DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task Start_NewDatabase_MakesTheStarterAgentsOfTheInstance()
    {
        await SeedAsync(AllTools);

        var agents = (await Store.ListAsync(new AgentQuery(), Admin, default)).Items;

        agents.Select(agent => agent.Slug).ShouldBe(["analyst", "guide", "researcher", "workflow-builder"]);
        agents.ShouldAllBe(agent => agent.OwnerId == Guid.Empty && agent.Status == AgentStatus.Active);
    }

    [Fact]
    public async Task Start_AgainAfterADeletion_DoesNotBringItBack()
    {
        await SeedAsync(AllTools);
        var guide = (await Store.FindAsync("guide", Admin, default))!;
        await Store.DeleteAsync(guide.Id, Admin, default);

        await SeedAsync(AllTools);

        (await SlugsAsync()).ShouldBe(["analyst", "researcher", "workflow-builder"]);
    }

    [Fact]
    public async Task Start_ProgramThatGainsATool_MakesTheAgentThatWaitedForIt()
    {
        await SeedAsync([.. AllTools.Where(tool => tool != "fetch_page")]);
        (await SlugsAsync()).ShouldBe(["analyst", "guide", "workflow-builder"]);

        await SeedAsync(AllTools);

        (await SlugsAsync()).ShouldBe(["analyst", "guide", "researcher", "workflow-builder"]);
    }

    [Fact]
    public async Task Start_NameTakenByAPerson_LeavesTheirsAlone()
    {
        var theirs = (await Store.CreateAsync(new AgentDefinition { Name = "GUIDE" }, AgentStatus.Active, Admin, default)).Value!;

        await SeedAsync(AllTools);

        (await SlugsAsync()).ShouldBe(["analyst", "guide", "researcher", "workflow-builder"]);
        (await Store.FindAsync("guide", Admin, default))!.Id.ShouldBe(theirs.Id);
    }

    [Fact]
    public async Task Start_TwoNodesAtOnce_MakeEachOnce()
    {
        await Task.WhenAll(SeedAsync(AllTools), SeedAsync(AllTools), SeedAsync(AllTools));

        (await SlugsAsync()).ShouldBe(["analyst", "guide", "researcher", "workflow-builder"]);
    }

    private static string[] AllTools => [.. StarterAgents.All.SelectMany(starter => starter.Definition.Tools).Distinct()];

    private AgentStore Store => new(fixture.Database, new ToolRegistry([]), TimeProvider.System);

    private Task SeedAsync(string[] tools)
    {
        var registry = new ToolRegistry(tools.Select(name => new Tool(AIFunctionFactory.Create(() => 1, name), name, ToolEffect.Read)));
        return new AgentSeed(fixture.Database, registry, TimeProvider.System, NullLogger<AgentSeed>.Instance).StartAsync(default);
    }

    private async Task<IEnumerable<string>> SlugsAsync()
    {
        Page<Agent> page = await Store.ListAsync(new AgentQuery(), Admin, default);
        return page.Items.Select(agent => agent.Slug);
    }
}

public sealed class SqliteAgentSeedTests() : AgentSeedSuite<SqliteFixture>(new SqliteFixture());

public sealed class PostgreSqlAgentSeedTests() : AgentSeedSuite<PostgreSqlFixture>(new PostgreSqlFixture());

[NeedsSqlServer]
public sealed class SqlServerAgentSeedTests() : AgentSeedSuite<SqlServerFixture>(new SqlServerFixture());

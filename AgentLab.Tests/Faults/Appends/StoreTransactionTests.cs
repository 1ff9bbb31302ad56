using AgentLab.Core;
using AgentLab.Core.Agents;
using AgentLab.Core.Identity;
using AgentLab.Core.Tools;
using AgentLab.Data.Agents;
using AgentLab.Tests.Data.Databases;
using Microsoft.Data.Sqlite;

namespace AgentLab.Tests.Faults.Appends;

/// <summary>What is saved beside the log is saved whole or not at all: the database refuses one of the save's statements after the others.</summary>
public sealed class StoreTransactionTests(SqliteFixture fixture) : IClassFixture<SqliteFixture>
{
    private static readonly string[] Tables = ["agents", "agent_versions"];
    private static readonly Actor Editor = new(Guid.NewGuid(), ActorRole.Editor);

    private readonly AgentStore _agents = new(fixture.Database, new ToolRegistry([]), TimeProvider.System);

    [Theory]
    [InlineData("agents", "INSERT")]
    [InlineData("agent_versions", "INSERT")]
    public Task AgentCreate_FaultAfterAWrite_LeavesNothingHalfDone(string table, string change) => BreakAsync(
        table, change, () => _agents.CreateAsync(new AgentDefinition { Name = $"New by {table}" }, AgentStatus.Active, Editor, default));

    [Theory]
    [InlineData("agents", "UPDATE")]
    [InlineData("agent_versions", "INSERT")]
    public async Task AgentUpdate_FaultAfterAWrite_LeavesNothingHalfDone(string table, string change)
    {
        var agent = (await _agents.CreateAsync(new AgentDefinition { Name = $"Kept by {table}" }, AgentStatus.Active, Editor, default)).Value!;

        await BreakAsync(table, change, () => _agents.UpdateAsync(agent.Id, 1, agent.Definition with { Instructions = "New." }, Editor, default));

        (await _agents.FindAsync(agent.Slug, Editor, default))!.Version.ShouldBe(2);
    }

    private async Task BreakAsync(string table, string change, Func<Task<Outcome<Agent>>> save)
    {
        var before = await DatabaseDump.OfAsync(fixture.Connections, Tables);
        await ExecuteAsync($"CREATE TRIGGER fault AFTER {change} ON {table} BEGIN SELECT RAISE(ABORT, 'a fault'); END");
        var error = await Should.ThrowAsync<Exception>(save);
        (error as SqliteException ?? error.InnerException).ShouldBeOfType<SqliteException>().Message.ShouldContain("a fault");
        (await DatabaseDump.OfAsync(fixture.Connections, Tables)).ShouldBe(before);

        await ExecuteAsync("DROP TRIGGER fault");
        (await save()).Ok.ShouldBeTrue("the next save works");
    }

    private async Task ExecuteAsync(string sql)
    {
        using var lease = await fixture.Gate.EnterAsync(default);
        await using var connection = await fixture.Connections.OpenWriteAsync(default);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are the test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}

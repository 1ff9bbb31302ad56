using AgentLab.Data.Databases;
using AgentLab.Tests.Api;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Faults.Appends;

/// <summary>
/// What is saved beside the log is saved whole or not at all, in every store: the database refuses each write of a change in turn, behind all that was written before it. That a change has
/// no other writes than those is found by running it.
/// </summary>
public sealed class StoreTransactionTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    private static readonly string[] Kinds = ["INSERT", "UPDATE", "DELETE"];

    /// <summary>The stores' tables. What the program writes into others meanwhile, such as its own lease, is none of their business.</summary>
    private static readonly string[] Tables = [.. StoreChange.All.SelectMany(change => change.Writes).Select(write => write.Split(' ')[1]).Distinct().Order(StringComparer.Ordinal)];

    public static TheoryData<string> Names { get; } = [.. StoreChange.All.Select(change => change.Name)];

    private IServiceProvider Services => fixture.App.Services;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Change_FaultAfterAnyOfItsWrites_LeavesNothingHalfDone(string name)
    {
        var change = StoreChange.All.Single(c => c.Name == name);
        (await WritesAsync(change)).Order(StringComparer.Ordinal).ShouldBe(change.Writes.Order(StringComparer.Ordinal));
        foreach (var write in change.Writes)
        {
            var run = await change.Prepare(Services);
            var before = await DumpAsync();
            await ExecuteAsync($"CREATE TRIGGER fault AFTER {write.Replace(" ", " ON ", StringComparison.Ordinal)} BEGIN SELECT RAISE(ABORT, 'a fault'); END");
            try
            {
                var error = await Should.ThrowAsync<Exception>(run, write);
                (error as SqliteException ?? error.InnerException).ShouldBeOfType<SqliteException>().Message.ShouldContain("a fault");
                (await DumpAsync()).ShouldBe(before, write);
            }
            finally
            {
                await ExecuteAsync("DROP TRIGGER fault");
            }

            (await run()).ShouldBeTrue($"the same change works after the fault at {write}");
        }
    }

    /// <summary>What the change writes, found by triggers that take notes.</summary>
    private async Task<List<string>> WritesAsync(StoreChange change)
    {
        var run = await change.Prepare(Services);
        var writes = Tables.SelectMany(table => Kinds.Select(kind => (Name: $"note_{kind}_{table}", Write: $"{kind} {table}", On: $"{kind} ON {table}"))).ToList();
        await ExecuteAsync("CREATE TABLE fault_notes (note TEXT NOT NULL)");
        await ExecuteAsync(string.Concat(writes.Select(w => $"CREATE TRIGGER {w.Name} AFTER {w.On} BEGIN INSERT INTO fault_notes VALUES ('{w.Write}'); END;")));
        try
        {
            (await run()).ShouldBeTrue();
        }
        finally
        {
            await ExecuteAsync(string.Concat(writes.Select(w => $"DROP TRIGGER {w.Name};")));
        }

        var notes = await DatabaseDump.OfAsync(Services.GetRequiredService<ILabConnections>(), "fault_notes");
        await ExecuteAsync("DROP TABLE fault_notes");
        return [.. notes.Select(note => note["fault_notes: ".Length..]).Distinct()];
    }

    private Task<List<string>> DumpAsync() => DatabaseDump.OfAsync(Services.GetRequiredService<ILabConnections>(), Tables);

    private async Task ExecuteAsync(string sql)
    {
        using var lease = await Services.GetRequiredService<WriteGate>().EnterAsync(default);
        await using var connection = await Services.GetRequiredService<ILabConnections>().OpenWriteAsync(default);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are the test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}

using AgentLab.Data.Databases;
using AgentLab.Tests.Api;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Faults.Appends;

/// <summary>
/// What is saved beside the log is saved whole or not at all, in every store: the tables that a change writes to are found by running it, then the database refuses each of its writes in
/// turn, behind all that was written before it.
/// </summary>
public sealed class StoreTransactionTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    /// <summary>What the program writes by itself meanwhile: its own lease.</summary>
    private static readonly string[] Background = ["lab_nodes"];

    private static readonly string[] Changes = ["INSERT", "UPDATE", "DELETE"];

    public static TheoryData<string> Names { get; } = [.. StoreChange.All.Select(change => change.Name)];

    private IServiceProvider Services => fixture.App.Services;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Change_FaultAfterAnyOfItsWrites_LeavesNothingHalfDone(string name)
    {
        var change = StoreChange.All.Single(c => c.Name == name);
        var tables = await TablesAsync();
        var writes = await WritesAsync(change, tables);
        writes.Count.ShouldBeGreaterThanOrEqualTo(change.Writes, string.Join(", ", writes));
        foreach (var (table, kind) in writes)
        {
            var run = await change.Prepare(Services);
            var before = await DatabaseDump.OfAsync(Services.GetRequiredService<ILabConnections>(), tables);
            await ExecuteAsync($"CREATE TRIGGER fault AFTER {kind} ON {table} BEGIN SELECT RAISE(ABORT, 'a fault'); END");
            try
            {
                var error = await Should.ThrowAsync<Exception>(run, $"{kind} {table}");
                (error as SqliteException ?? error.InnerException).ShouldBeOfType<SqliteException>().Message.ShouldContain("a fault");
                (await DatabaseDump.OfAsync(Services.GetRequiredService<ILabConnections>(), tables)).ShouldBe(before, $"{kind} {table}");
            }
            finally
            {
                await ExecuteAsync("DROP TRIGGER fault");
            }

            (await run()).ShouldBeTrue($"the same change works after the fault at {kind} {table}");
        }
    }

    /// <summary>What the change writes, in no order: found by triggers that take notes.</summary>
    private async Task<List<(string Table, string Kind)>> WritesAsync(StoreChange change, string[] tables)
    {
        var run = await change.Prepare(Services);
        var pairs = tables.SelectMany(table => Changes.Select(kind => (Table: table, Kind: kind))).ToList();
        await ExecuteAsync("CREATE TABLE fault_notes (note TEXT NOT NULL)");
        await ExecuteAsync(string.Concat(pairs.Select(p => $"CREATE TRIGGER note_{p.Kind}_{p.Table} AFTER {p.Kind} ON {p.Table} BEGIN INSERT INTO fault_notes VALUES ('{p.Kind} {p.Table}'); END;")));
        try
        {
            (await run()).ShouldBeTrue();
        }
        finally
        {
            await ExecuteAsync(string.Concat(pairs.Select(p => $"DROP TRIGGER note_{p.Kind}_{p.Table};")));
        }

        var notes = (await RowsAsync("SELECT DISTINCT note FROM fault_notes")).ToHashSet(StringComparer.Ordinal);
        await ExecuteAsync("DROP TABLE fault_notes");
        return [.. pairs.Where(p => notes.Contains($"{p.Kind} {p.Table}"))];
    }

    private async Task<string[]> TablesAsync() =>
        [.. (await RowsAsync("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'")).Except(Background)];

    private async Task<List<string>> RowsAsync(string sql)
    {
        await using var connection = await Services.GetRequiredService<ILabConnections>().OpenReadAsync(default);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are the test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

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

using AgentLab.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Data.Databases;

public sealed class SqliteLabDatabaseTests(SqliteFixture fixture) : LabDatabaseSuite<SqliteFixture>(fixture), IClassFixture<SqliteFixture>
{
    private const int ReadOnly = 8;

    [Fact]
    public async Task ExecuteDelete_OutsideTheGate_IsRefused()
    {
        await using var context = await Fixture.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync();

        var error = await Should.ThrowAsync<SqliteException>(() => context.Projects.Where(project => project.Key < 0).ExecuteDeleteAsync());

        error.SqliteErrorCode.ShouldBe(ReadOnly);
    }

    [Fact]
    public async Task Transaction_OutsideTheGate_IsRefused()
    {
        await using var context = await Fixture.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync();

        await Should.ThrowAsync<SqliteException>(() => context.Database.BeginTransactionAsync());
    }

    [Fact]
    public async Task ExecuteUpdate_InsideAWrite_Succeeds()
    {
        var project = New();

        await Fixture.Database.WriteAsync(
            async (context, token) =>
            {
                context.Add(project);
                await context.SaveChangesAsync(token);
                await context.Projects.Where(row => row.Id == project.Id).ExecuteDeleteAsync(token);
            },
            default);

        (await CountAsync(project.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task Write_InsideAWrite_IsRefusedInsteadOfWaitingForEver()
    {
        await Should.ThrowAsync<InvalidOperationException>(() => Fixture.Database.WriteAsync(
            (_, token) => Fixture.Database.WriteAsync((_, _) => Task.CompletedTask, token), default));

        await Fixture.Database.WriteAsync((_, _) => Task.CompletedTask, default);
    }

    [Fact]
    public async Task SaveChanges_WhileTheGateIsHeld_WaitsItsTurn()
    {
        var project = New();
        await using var context = await Fixture.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync();
        context.Add(project);
        var lease = await Fixture.Gate.EnterAsync(default);
        var saving = context.SaveChangesAsync();

        saving.IsCompleted.ShouldBeFalse();
        (await CountAsync(project.Id)).ShouldBe(0);
        lease.Dispose();
        await saving;

        (await CountAsync(project.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task SaveChanges_Blocking_PassesTheGate()
    {
        var project = New();
        var before = Fixture.Gate.Entries;
        await using (var context = await Fixture.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync())
        {
            context.Add(project);
#pragma warning disable CA1849 // The blocking path is what is tried.
            context.SaveChanges();
#pragma warning restore CA1849
        }

        Fixture.Gate.Entries.ShouldBeGreaterThan(before);
        (await CountAsync(project.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task Connections_FirstOrPooled_HaveThePragmas()
    {
        for (var use = 0; use < 2; use++)
        {
            (await PragmasAsync(write: true)).ShouldBe(["wal", "2", "1", "0", "0"]);
            (await PragmasAsync(write: false)).ShouldBe(["wal", "2", "1", "0", "1"]);
        }
    }

    [Fact]
    public async Task AfterCommit_MuchWritten_KeepsTheLogSmall()
    {
        using var lease = await Fixture.Gate.EnterAsync(default);
        await using var writer = await Fixture.Connections.OpenWriteAsync(default);
        Execute(writer, "CREATE TABLE filler (content BLOB)");
        for (var megabyte = 0; megabyte < 64; megabyte++)
        {
            Execute(writer, "INSERT INTO filler VALUES (randomblob(1000000))");
            Fixture.Connections.AfterCommit(writer);
        }

        new FileInfo(Path.Combine(Fixture.Folder, "agentlab.db-wal")).Length.ShouldBeLessThan(20_000_000);
    }

    [Fact]
    public async Task AfterCommit_LogCannotBeMoved_IsNoFaultOfTheCommit()
    {
        using var lease = await Fixture.Gate.EnterAsync(default);
        await using var writer = await Fixture.Connections.OpenWriteAsync(default);
        Execute(writer, "CREATE TABLE more (content BLOB)");
        for (var megabyte = 0; megabyte < 8; megabyte++)
        {
            Execute(writer, "INSERT INTO more VALUES (randomblob(1000000))");
        }

        // SQLite refuses a checkpoint inside a transaction, as it does on a full disk.
        Execute(writer, "BEGIN IMMEDIATE");
        Should.NotThrow(() => Fixture.Connections.AfterCommit(writer));
        Execute(writer, "ROLLBACK");
    }

    private async Task<List<string>> PragmasAsync(bool write)
    {
        await using var connection = write
            ? await Fixture.Connections.OpenWriteAsync(default)
            : await Fixture.Connections.OpenReadAsync(default);
        var values = new List<string>();
        foreach (var name in new[] { "journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint", "query_only" })
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA {name}";
            values.Add($"{await command.ExecuteScalarAsync()}");
        }

        return values;
    }

    private static void Execute(System.Data.Common.DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

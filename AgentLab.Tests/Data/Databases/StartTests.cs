using System.Diagnostics;
using AgentLab.Data.Databases;
using Microsoft.Extensions.Options;

namespace AgentLab.Tests.Data.Databases;

public sealed class StartTests : IAsyncLifetime
{
    private readonly SqliteFixture _lab = new();

    public Task InitializeAsync() => _lab.InitializeAsync();

    public Task DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Start_DirectoryHeld_IsRefusedWithASentence()
    {
        using var second = _lab.Build();

        var error = await Should.ThrowAsync<LabStartupException>(() => second.StartAsync());

        error.Code.ShouldBe("data_directory_in_use");
        error.Message.ShouldContain(_lab.Folder);
    }

    [Fact]
    public async Task Start_WhileHeld_AnotherProcessCannotTakeTheLock()
    {
        var locked = Path.Combine(_lab.Folder, "agentlab.lock");

        (await FlockAsync(locked)).ShouldBe(1);
        await _lab.StopAsync();
        (await FlockAsync(locked)).ShouldBe(0);
    }

    [Fact]
    public async Task Start_DatabaseOfANewerProgram_IsRefusedAndUntouched()
    {
        await _lab.Database.WriteAsync(
            (context, token) => InstanceRows.SetAsync(context, InstanceRow.MinProgramVersion, "99.0.0", token), default);
        await _lab.StopAsync();

        var error = await Should.ThrowAsync<LabStartupException>(() => _lab.StartAsync());

        error.Code.ShouldBe("database_too_new");
        error.Message.ShouldContain("99.0.0");
    }

    [Fact]
    public async Task Start_MigratingSwitchedOffOnAnEmptyDatabase_SaysWhatIsMissing()
    {
        await using var folder = new EmptyFixture();

        var error = await Should.ThrowAsync<LabStartupException>(
            () => folder.StartAsync(KeyValuePair.Create("AgentLab:Database:MigrateAtStart", (string?)"false")));

        error.Code.ShouldBe("database_not_migrated");
    }

    [Fact]
    public async Task Start_AfterAKilledMigration_GoesOn()
    {
        await _lab.StopAsync();
        var options = new DatabaseOptions { DataDirectory = _lab.Folder };
        var connections = new AgentLab.Data.Databases.Sqlite.SqliteLabConnections(options);
        await using (var connection = await connections.OpenWriteAsync(default))
        {
            AgentLab.Data.Databases.Sqlite.SqlitePragmas.Execute(
                connection,
                "CREATE TABLE IF NOT EXISTS \"__EFMigrationsLock\" (\"Id\" INTEGER PRIMARY KEY, \"Timestamp\" TEXT NOT NULL);"
                + "INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2026-01-01');");
        }

        await _lab.StartAsync();
    }

    [Fact]
    public async Task Start_BadSettings_NamesThemAll()
    {
        await using var folder = new EmptyFixture();

        var error = await Should.ThrowAsync<OptionsValidationException>(() => folder.StartAsync(
            KeyValuePair.Create("AgentLab:Database:PoolSize", (string?)"0"),
            KeyValuePair.Create("AgentLab:Database:LockTimeout", (string?)"never")));

        error.Failures.Count().ShouldBe(2);
    }

    [Fact]
    public async Task Start_ServerRefusesTheSignIn_SaysSoAtOnce()
    {
        await using var folder = new EmptyFixture();
        var server = new Npgsql.NpgsqlConnectionStringBuilder((await PostgreSqlServer.StartedAsync()).ConnectionString("lab")) { Username = "nobody-here", Password = "never-shown" };

        var error = await Should.ThrowAsync<LabStartupException>(() => folder.StartAsync(
            KeyValuePair.Create("AgentLab:Database:Provider", (string?)"PostgreSql"),
            KeyValuePair.Create("AgentLab:Database:ConnectionString", (string?)server.ConnectionString)));

        error.Code.ShouldBe("database_unreachable");
        error.Message.ShouldNotContain(server.Password!);
    }

    [Fact]
    public async Task Start_UserWithoutTheRightToMakeIt_SaysWhatToDo()
    {
        await using var folder = new EmptyFixture();
        var server = await PostgreSqlServer.StartedAsync();
        await using (var connection = new Npgsql.NpgsqlConnection(server.ConnectionString("postgres")))
        {
            await connection.OpenAsync();
            await using var command = new Npgsql.NpgsqlCommand("CREATE ROLE lab_guest LOGIN NOCREATEDB", connection);
            await command.ExecuteNonQueryAsync();
        }

        var guest = new Npgsql.NpgsqlConnectionStringBuilder(server.ConnectionString("lab_of_guest")) { Username = "lab_guest" };
        var error = await Should.ThrowAsync<LabStartupException>(() => folder.StartAsync(
            KeyValuePair.Create("AgentLab:Database:Provider", (string?)"PostgreSql"),
            KeyValuePair.Create("AgentLab:Database:ConnectionString", (string?)guest.ConnectionString)));

        error.Code.ShouldBe("database_missing");
    }

    [Fact]
    public void Directory_MadeByTheProgram_IsItsOwnersAlone()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(_lab.Folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static async Task<int> FlockAsync(string file)
    {
        using var process = Process.Start("flock", ["-n", file, "true"]);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private sealed class EmptyFixture : SqliteFixture, IAsyncDisposable
    {
        async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
    }
}

using AgentLab.Data.Databases;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Data.Databases;

public sealed class EpochTests : IAsyncLifetime
{
    private readonly SqliteFixture _lab = new();

    private string Epoch => _lab.Services.GetRequiredService<IEpoch>().Current;

    private string File => Path.Combine(_lab.Folder, "agentlab.db");

    public Task InitializeAsync() => _lab.InitializeAsync();

    public Task DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Restart_SameFile_KeepsTheEpoch()
    {
        var before = Epoch;

        await _lab.StopAsync();
        await _lab.StartAsync();
        await _lab.AbandonAsync();
        await _lab.StartAsync();

        Epoch.ShouldBe(before);
    }

    [Fact]
    public async Task Restart_BackupOfAnEarlierRunPutBack_BeginsANewEpoch()
    {
        var before = Epoch;
        var backup = await BackupAsync();
        await _lab.StopAsync();
        await _lab.StartAsync();
        await _lab.StopAsync();

        PutBack(backup);
        await _lab.StartAsync();

        Epoch.ShouldNotBe(before);
    }

    [Fact]
    public async Task Restart_BackupOfTheSameRunPutBack_BeginsANewEpoch()
    {
        var before = Epoch;
        var backup = await BackupAsync();
        await WriteAsync();
        await _lab.StopAsync();

        PutBack(backup);
        await _lab.StartAsync();

        Epoch.ShouldNotBe(before);
    }

    [Fact]
    public async Task Restart_BackupOfAKilledRunPutBack_BeginsANewEpoch()
    {
        var before = Epoch;
        var backup = await BackupAsync();
        await WriteAsync();
        await _lab.Services.GetRequiredService<EpochKeeper>().RefreshAsync(default);
        await _lab.AbandonAsync();

        PutBack(backup);
        await _lab.StartAsync();

        Epoch.ShouldNotBe(before);
    }

    [Fact]
    public async Task Restart_CopyOfTheWholeFolder_BeginsANewEpoch()
    {
        var before = Epoch;
        await _lab.StopAsync();
        foreach (var path in Directory.GetFiles(_lab.Folder))
        {
            System.IO.File.Copy(path, path + ".copy");
            System.IO.File.Delete(path);
            System.IO.File.Move(path + ".copy", path);
        }

        await _lab.StartAsync();

        Epoch.ShouldNotBe(before);
    }

    [Fact]
    public async Task Restart_FileAloneMoved_BeginsANewEpoch()
    {
        var before = Epoch;
        await _lab.StopAsync();
        System.IO.File.Delete(Path.Combine(_lab.Folder, "agentlab.epoch"));

        await _lab.StartAsync();

        Epoch.ShouldNotBe(before);
    }

    [Fact]
    public async Task Renew_WhileRunning_BeginsANewEpochThatStays()
    {
        var before = Epoch;

        await _lab.Services.GetRequiredService<IEpoch>().RenewAsync(default);
        var renewed = Epoch;
        await _lab.StopAsync();
        await _lab.StartAsync();

        renewed.ShouldNotBe(before);
        Epoch.ShouldBe(renewed);
    }

    private Task WriteAsync() => _lab.Database.WriteAsync(
        (context, token) => InstanceRows.SetAsync(context, "test", $"{Guid.NewGuid()}", token), default);

    private async Task<string> BackupAsync()
    {
        var backup = File + ".backup";
        await using var source = (SqliteConnection)await _lab.Connections.OpenReadAsync(default);
        await using var target = new SqliteConnection($"Data Source={backup};Pooling=false");
        target.Open();
        source.BackupDatabase(target);
        return backup;
    }

    private void PutBack(string backup)
    {
        System.IO.File.Delete(File + "-wal");
        System.IO.File.Delete(File + "-shm");
        System.IO.File.Copy(backup, File, overwrite: true);
    }
}

using AgentLab.Data.Databases.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Databases;

/// <summary>
/// Opens the database before any other hosted part starts: holds the data directory, applies migrations, reads the epoch;
/// then keeps the epoch's mark until everything else has stopped.
/// </summary>
internal sealed partial class DatabaseStart(
    DataDirectory directory, Migrator migrator, EpochKeeper epoch, LabDatabase database, TimeProvider clock, ILogger<DatabaseStart> logger)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private readonly CancellationTokenSource _stopping = new();
    private Task _keeping = Task.CompletedTask;

    /// <exception cref="LabStartupException">The program cannot run on this directory or database.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (database.Kind == DatabaseKind.Sqlite)
        {
            directory.Acquire();
            var version = SqliteLibrary.Version();
            LogSqlite(version, directory.FullPath);
        }
        else
        {
            directory.Ensure();
            LogServer(database.Kind);
        }

        await migrator.MigrateAsync(cancellationToken);
        await epoch.StartAsync(cancellationToken);
        _keeping = KeepAsync(_stopping.Token);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _keeping;
        await RefreshAsync(cancellationToken);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task KeepAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                await RefreshAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The program stops.
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            await epoch.RefreshAsync(cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogRefreshFailed(error);
        }
    }
}

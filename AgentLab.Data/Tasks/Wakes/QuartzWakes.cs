using AgentLab.Core.Sessions;
using AgentLab.Core.Tasks;
using AgentLab.Data.Databases;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Quartz;

namespace AgentLab.Data.Tasks.Wakes;

/// <summary>
/// Wake-ups by Quartz.NET: in <c>queue.db</c> beside SQLite, else in the database itself, where the nodes share them. Its rows hold a task's id and a time and nothing else; losing them
/// costs a second's delay, since the queue looks at due rows by itself.
/// </summary>
internal sealed class QuartzWakes(
    IOptions<DatabaseOptions> database, DataDirectory directory, NodeIdentity node, ITaskSignal signal, ILoggerFactory logging) : ITaskWakes, IHostedService, IAsyncDisposable
{
    private const string SchedulerName = "agentlab";
    private const string FileName = "queue.db";
    private const int Workers = 2;

    /// <summary>A wake-up comes behind its time, never before it.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromMilliseconds(1);

    private readonly SemaphoreSlim _starting = new(1);
    private IScheduler? _scheduler;
    private bool _stopped;
    private bool _disposed;

    /// <inheritdoc />
    public async Task OrderAsync(TaskWake wake, CancellationToken cancellationToken)
    {
        if (await RunningAsync(cancellationToken) is not { } scheduler)
        {
            return;
        }

        var name = wake.Task.ToString("N");
        var job = JobBuilder.Create<TaskWakeJob>().WithIdentity(name).Build();
        var trigger = TriggerBuilder.Create().WithIdentity(name).ForJob(job).StartAt(wake.At + Behind)
            .WithSimpleSchedule(schedule => schedule.WithRepeatCount(0).WithMisfireInstruction(SimpleTriggerMisfireInstruction.FireNow)).Build();
        await scheduler.ScheduleJob(job, trigger, ScheduleJobOptions.Replacing, cancellationToken);
    }

    /// <inheritdoc />
    async Task ITaskWakes.StartAsync(CancellationToken cancellationToken) => await RunningAsync(cancellationToken);

    /// <inheritdoc />
    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            _stopped = true;
            if (_scheduler is { } scheduler)
            {
                _scheduler = null;
                await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        await StopAsync(CancellationToken.None);
        _starting.Dispose();
    }

    /// <summary>The scheduler, started when it was not; null when the program stops.</summary>
    private async ValueTask<IScheduler?> RunningAsync(CancellationToken cancellationToken)
    {
        if (_scheduler is { } running)
        {
            return running;
        }

        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (_scheduler is null && !_stopped)
            {
                var scheduler = await QuartzSchedulerBuilder.Create(Configure).BuildScheduler(cancellationToken);
                await scheduler.Start(cancellationToken);
                _scheduler = scheduler;
            }

            return _scheduler;
        }
        finally
        {
            _starting.Release();
        }
    }

    private void Configure(IQuartzBuilder quartz)
    {
        quartz.Services.AddSingleton(signal);
        quartz.Services.AddSingleton(logging);
        quartz.ConfigureScheduler(scheduler =>
        {
            scheduler.InstanceName = SchedulerName;
            scheduler.InstanceId = node.Id;
        });
        quartz.UseDefaultThreadPool(Workers);
        quartz.UsePersistentStore(store =>
        {
            store.ProvisionSchema();
            store.ConfigureStore(settings => settings.UseBackgroundThreads = true);
            UseDatabase(store);
        });
    }

    private void UseDatabase(IPersistentStoreBuilder store)
    {
        switch (database.Value.Provider)
        {
            case DatabaseKind.PostgreSql:
                store.UsePostgres(NpgsqlFactory.Instance, database.Value.ConnectionString);
                store.UseClustering(_ => { });
                break;
            case DatabaseKind.SqlServer:
                store.UseSqlServer(SqlClientFactory.Instance, database.Value.ConnectionString);
                store.UseClustering(_ => { });
                break;
            default:
                store.UseSqlite(SqliteFactory.Instance, new SqliteConnectionStringBuilder { DataSource = directory.PathOf(FileName) }.ToString());
                break;
        }
    }
}

/// <summary>Says that a task's time has come. What there is to do the queue reads from its rows: one that comes twice or late finds nothing.</summary>
internal sealed class TaskWakeJob(ITaskSignal signal) : IJob
{
    /// <inheritdoc />
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        signal.Changed();
        return ValueTask.CompletedTask;
    }
}

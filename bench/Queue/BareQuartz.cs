using System.Diagnostics;
using AgentLab.Bench.Storage;
using Microsoft.Data.Sqlite;
using Quartz;

namespace AgentLab.Bench.Queue;

/// <summary>Jobs that do nothing, by Quartz alone on a SQLite file.</summary>
internal static class BareQuartz
{
    private const int Workers = 10;

    /// <summary>Schedules so many jobs for now and waits until all have run; the seconds that it took.</summary>
    public static async Task<double> RunAsync(BenchFolder folder, int count, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder.Path);
        var done = new Countdown(count);
        var file = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder.Path, "bare.db") }.ToString();
        var scheduler = await QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.Services.Add(new(typeof(Countdown), done));
            quartz.UseDefaultThreadPool(Workers);
            quartz.UsePersistentStore(store =>
            {
                store.ProvisionSchema();
                store.UseSqlite(SqliteFactory.Instance, file);
            });
        }).BuildScheduler(cancellationToken);
        await scheduler.Start(cancellationToken);
        var began = Stopwatch.GetTimestamp();
        for (var number = 0; number < count; number++)
        {
            // One after the other: several at once wait for SQLite's lock in sleeps, which is slower by far.
            var name = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var job = JobBuilder.Create<NothingJob>().WithIdentity(name).Build();
            await scheduler.ScheduleJob(job, TriggerBuilder.Create().WithIdentity(name).ForJob(job).StartNow().Build(), ScheduleJobOptions.Replacing, cancellationToken);
        }

        await done.Done.WaitAsync(cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
        SqliteConnection.ClearAllPools();
        return seconds;
    }

    internal sealed class Countdown(int left)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = left;

        public Task Done => _done.Task;

        public void Signal()
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _done.TrySetResult();
            }
        }
    }

    internal sealed class NothingJob(Countdown countdown) : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            countdown.Signal();
            return ValueTask.CompletedTask;
        }
    }
}

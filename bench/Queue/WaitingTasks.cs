using System.Diagnostics;
using AgentLab.Core;
using AgentLab.Core.Identity;
using AgentLab.Core.Tasks;
using AgentLab.Data.Databases;
using AgentLab.Data.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Bench.Queue;

/// <summary>Ten thousand tasks that wait for tomorrow.</summary>
internal static class WaitingTasks
{
    private const int Count = 10_000;
    private const double Megabyte = 1024 * 1024;

    /// <summary>Milliseconds of the slower of two lists, and megabytes of managed memory that the tasks cost.</summary>
    public static async Task<(double List, double Memory)> MeasureAsync(IServiceProvider services, ITasks tasks, Guid worker, Actor actor, CancellationToken cancellationToken)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await services.GetRequiredService<LabDatabase>().WriteAsync(
            (context, _) =>
            {
                context.AddRange(Rows(worker, actor));
                return Task.CompletedTask;
            },
            cancellationToken);
        var first = await TimeAsync(() => tasks.ListAsync(new TaskQuery { Limit = 100 }, actor, cancellationToken));
        var filtered = await TimeAsync(() => tasks.ListAsync(new TaskQuery { Status = LabTaskStatus.Queued, Text = "number 77", Limit = 100 }, actor, cancellationToken));
        var query = new TaskQuery { Limit = 100 };
        for (var cursor = ""; cursor is not null;)
        {
            cursor = (await tasks.ListAsync(query with { Cursor = cursor }, actor, cancellationToken)).NextCursor;
        }

        return (Math.Max(first, filtered), Math.Max(0, GC.GetTotalMemory(forceFullCollection: true) - before) / Megabyte);
    }

    /// <summary>With wake-ups that count as ordered: what Quartz keeps for them is a row each in its own file.</summary>
    private static IEnumerable<TaskRow> Rows(Guid worker, Actor actor)
    {
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1);
        for (var i = 0; i < Count; i++)
        {
            var row = TaskMapping.NewRow(
                new LabTask
                {
                    Id = Guid.CreateVersion7(),
                    OwnerId = actor.UserId,
                    ProjectId = DefaultProject.Id,
                    Title = $"Waiting task number {i}",
                    Description = "Wait until tomorrow, then say what the weather was like today.",
                    Priority = 1 + (i % TaskRules.MostPriority),
                    Status = LabTaskStatus.Queued,
                    Worker = new TaskWorker(TaskWorkerKind.Workflow, worker, "Bench"),
                    TimeLimit = 3600,
                    NextRunAt = tomorrow,
                },
                TimeSpan.FromMinutes(10));
            row.WakeAt = row.DueAt;
            yield return row;
        }
    }

    private static async Task<double> TimeAsync<T>(Func<ValueTask<T>> work)
    {
        await work();
        var began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}

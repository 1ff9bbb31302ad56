using System.Diagnostics;
using AgentLab.Bench.Fanout;
using AgentLab.Bench.Measure;
using AgentLab.Bench.Storage;
using AgentLab.Bench.Workflows;
using AgentLab.Core.Identity;
using AgentLab.Core.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Bench.Queue;

/// <summary>How soon queued tasks start, how many that do nothing are done a second beside bare Quartz on the same kind of store, and what ten thousand waiting ones cost.</summary>
internal static class QueueBench
{
    private const int Single = 100;
    private const int Many = 1000;
    private const int AtOnce = 32;
    private const double MostP50 = 25;
    private const double MostP99 = 150;
    private const double LeastShare = 0.8;

    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var rounds = new List<Round>();
        for (var i = 0; i <= options.Rounds; i++)
        {
            var round = await RoundAsync(options, cancellationToken);
            Console.Error.WriteLine(
                $"first event p50 {round.P50:0.0} ms, p99 {round.P99:0.0} ms; {round.Rate:0} tasks/s beside {round.Bare:0} jobs/s; list of 10,000: {round.List:0.0} ms, {round.Memory:0.0} MB");
            if (i > 0)
            {
                // The first only warms up.
                rounds.Add(round);
            }
        }

        return new BenchResult("queue", options.Rounds, options.Seconds, [.. Figures(rounds)])
        {
            Notes =
            [
                $"Embedded: the whole program on SQLite (WAL, `synchronous=FULL`). First event: from the call that makes a task to the COMMIT of its session's first events, {Single} tasks one after the other.",
                $"Throughput: {Many} tasks of a workflow of a trigger and one node, made by {AtOnce} callers, until the last one is done: each its row, its admission and its run's whole journal. "
                + "The limits are those of a new instance, 16 tasks of one workflow at once; an admission takes as many as have a place, and the log groups what waits into one COMMIT.",
                "Bare Quartz: the same number of jobs that do nothing, scheduled one after the other into a SQLite file of its own, ten workers, batches as Quartz chooses; it journals nothing. What "
                + "limits it is the store: scheduling, acquiring, firing and deleting a job are transactions each.",
                "10,000 waiting: the slower of the first page and a filtered page; memory of the managed heap after the whole list was paged through, less before.",
            ],
        }.Publish(options);
    }

    private static IEnumerable<Figure> Figures(List<Round> rounds)
    {
        double[] Each(Func<Round, double> value) => [.. rounds.Select(value)];
        yield return Figure.Of("enqueue to first event: p50", "ms", Each(r => r.P50)) with { Target = MostP50, AtMost = true };
        yield return Figure.Of("enqueue to first event: p99", "ms", Each(r => r.P99)) with { Target = MostP99, AtMost = true };
        yield return Figure.Beside("tasks that do nothing", "tasks/s", Each(r => r.Rate), "bare Quartz jobs", Each(r => r.Bare)) with { Target = LeastShare };
        yield return Figure.Of("10,000 waiting: a list", "ms", Each(r => r.List)) with { Target = 100, AtMost = true };
        yield return Figure.Of("10,000 waiting: memory", "MB", Each(r => r.Memory)) with { Target = 50, AtMost = true };
    }

    private static async Task<Round> RoundAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        List<double> firsts;
        double rate, list, memory;
        await using (var folder = new BenchFolder(options))
        await using (var server = await LabServer.StartAsync(folder, cancellationToken))
        {
            var actor = await server.ActorAsync(cancellationToken);
            var workflow = await BenchWorkflows.PublishAsync(server.Services, BenchWorkflows.Chain(1), actor, cancellationToken);
            var tasks = server.Services.GetRequiredService<ITasks>();
            var definition = new TaskDefinition { Title = "Bench", Description = "Nothing to be done.", Workflow = workflow.Id.ToString() };
            await DoneAsync(tasks, definition, AtOnce, actor, cancellationToken);
            firsts = await FirstEventsAsync(server, tasks, definition, actor, cancellationToken);
            rate = Many / await DoneAsync(tasks, definition, Many, actor, cancellationToken);
            (list, memory) = await WaitingTasks.MeasureAsync(server.Services, tasks, workflow.Id, actor, cancellationToken);
        }

        await using var bareFolder = new BenchFolder(options);
        return new Round(Quantiles.Median(firsts), Quantiles.At(firsts, 0.99), rate, Many / await BareQuartz.RunAsync(bareFolder, Many, cancellationToken), list, memory);
    }

    private static async Task<List<double>> FirstEventsAsync(LabServer server, ITasks tasks, TaskDefinition definition, Actor actor, CancellationToken cancellationToken)
    {
        var firsts = new List<double>(Single);
        for (var i = 0; i < Single; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var made = (await tasks.CreateAsync(definition, queue: true, actor, cancellationToken)).Value!;
            LabTask done;
            while ((done = (await tasks.FindAsync(made.Id, actor, cancellationToken))!).Status != LabTaskStatus.Completed)
            {
                await Task.Delay(5, cancellationToken);
            }

            firsts.Add(Stopwatch.GetElapsedTime(began, server.Commits.Of(done.SessionId!.Value, 1)).TotalMilliseconds);
        }

        return firsts;
    }

    /// <summary>Makes tasks and waits until all are done; the seconds that it took.</summary>
    private static async Task<double> DoneAsync(ITasks tasks, TaskDefinition definition, int count, Actor actor, CancellationToken cancellationToken)
    {
        var before = (await tasks.CountAsync(actor, cancellationToken)).GetValueOrDefault(LabTaskStatus.Completed);
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (_, token) =>
            await tasks.CreateAsync(definition, queue: true, actor, token));
        while ((await tasks.CountAsync(actor, cancellationToken)).GetValueOrDefault(LabTaskStatus.Completed) < before + count)
        {
            await Task.Delay(5, cancellationToken);
        }

        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private sealed record Round(double P50, double P99, double Rate, double Bare, double List, double Memory);
}

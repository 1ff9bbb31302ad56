using AgentLab.Bench.Fanout;
using AgentLab.Bench.Measure;
using AgentLab.Bench.Storage;
using AgentLab.Core.Identity;
using AgentLab.Data.Databases;
using AgentLab.Data.Sessions.Log;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Bench.Workflows;

/// <summary>How fast workflows run that programs call, beside an endpoint that makes the same appends by hand.</summary>
internal static class WorkflowBench
{
    private static readonly int[] Concurrencies = [1, 10, 50];

    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var figures = new List<Figure>();
        foreach (var concurrency in Concurrencies)
        {
            if (options.Wants($"{concurrency} at once"))
            {
                figures.AddRange(await HooksAsync(options, concurrency, cancellationToken));
            }
        }

        if (options.Wants("engine"))
        {
            figures.AddRange(await EngineAsync(options, cancellationToken));
        }

        return new BenchResult("workflow", options.Rounds, options.Seconds, figures)
        {
            Notes =
            [
                "webhook → set → if → set → respond over real Kestrel on loopback, everything journaled durably (SQLite, WAL, `synchronous=FULL`); the client is a raw HTTP client in a process of its own, on the same cores.",
                "The bare endpoint makes the same appends, one after the other, through the raw driver; one writer groups what waits into one transaction. It parses, encodes, hashes and decides nothing.",
                "Commit share: of the time of the measured stretch, how much the log's writer spent inside COMMIT, and inside its transactions as a whole.",
                "CPU a node: runs of a chain of 100 set nodes one after the other, less the CPU of the same appends made by themselves through AgentLab's log.",
            ],
        }.Publish(options);
    }

    private static async Task<IEnumerable<Figure>> HooksAsync(BenchOptions options, int concurrency, CancellationToken cancellationToken)
    {
        var rounds = new List<Round>();
        for (var i = 0; i <= options.Rounds; i++)
        {
            var round = await RoundAsync(options, concurrency, cancellationToken);
            Console.Error.WriteLine(
                $"{concurrency} at once: {round.Ours.Rate:0} runs/s, {round.Cpu:0.000} ms CPU, p99 {round.Ours.P99:0.0} ms; bare {round.Bare.Rate:0}/s, {round.BareCpu:0.000} ms, p99 {round.Bare.P99:0.0} ms; "
                + $"{round.Appends} appends of {round.Events} events, COMMIT {round.Committing:P0} ({round.Commit:0.00} ms for {round.Grouped:0.0} appends), transactions {round.Writing:P0}");
            if (i > 0)
            {
                // The first only warms up.
                rounds.Add(round);
            }
        }

        return Figures(concurrency, rounds);
    }

    private static IEnumerable<Figure> Figures(int concurrency, List<Round> rounds)
    {
        const string Against = "bare endpoint, same appends";
        double[] Each(Func<Round, double> value) => [.. rounds.Select(value)];
        var name = $"{concurrency} at once";
        var rate = Figure.Beside($"runs, {name}", "runs/s", Each(r => r.Ours.Rate), Against, Each(r => r.Bare.Rate));
        yield return concurrency == 50 ? rate with { Target = 0.4 } : rate;
        if (concurrency == 50)
        {
            yield return Figure.Of($"runs, {name}: at least", "runs/s", Each(r => r.Ours.Rate)) with { Target = 3000 };
        }

        var cpu = Figure.Beside($"{name}: server CPU a run", "ms", Each(r => r.Cpu), Against, Each(r => r.BareCpu));
        yield return concurrency == 50 ? cpu with { Limit = 0.5, AtMost = true } : cpu;
        yield return Figure.Beside($"{name}: p50", "ms", Each(r => r.Ours.P50), Against, Each(r => r.Bare.P50));
        var p99 = Figure.Beside($"{name}: p99", "ms", Each(r => r.Ours.P99), Against, Each(r => r.Bare.P99));
        yield return concurrency == 10 ? p99 with { Limit = 20, AtMost = true } : p99;
        yield return Figure.Of($"{name}: time in COMMIT", "%", Each(r => 100 * r.Committing));
        yield return Figure.Of($"{name}: a COMMIT", "ms", Each(r => r.Commit));
        yield return Figure.Of($"{name}: appends in a COMMIT", string.Empty, Each(r => r.Grouped));
        yield return Figure.Of($"{name}: time in the log's transactions", "%", Each(r => 100 * r.Writing));
        yield return Figure.Of($"{name}: appends a run", string.Empty, Each(r => r.Appends));
        yield return Figure.Of($"{name}: events a run", string.Empty, Each(r => r.Events));
    }

    private static async Task<Round> RoundAsync(BenchOptions options, int concurrency, CancellationToken cancellationToken)
    {
        RecordedAppends recorded;
        LoadFigures ours;
        double cpu, writing, committing, commit, grouped;
        await using (var folder = new BenchFolder(options))
        await using (var server = await LabServer.StartAsync(folder, store => new CommitClock(store), cancellationToken))
        {
            await BenchWorkflows.PublishAsync(server.Services, BenchWorkflows.Hook, await server.ActorAsync(cancellationToken), cancellationToken);
            await HookLoad.MeasureAsync(server.Port, "/hooks/bench", concurrency, TimeSpan.FromSeconds(1), cancellationToken);
            var clock = (CommitClock)server.Services.GetRequiredService<ILogStore>();
            var before = clock.Read();
            (ours, cpu) = await LoadAsync(server.Port, concurrency, options, cancellationToken);
            var after = clock.Read();
            (writing, committing) = ((after.Writing - before.Writing) / ours.Seconds, (after.Committing - before.Committing) / ours.Seconds);
            commit = 1000 * (after.Committing - before.Committing) / (after.Commits - before.Commits);
            recorded = await RecordedAppends.ReadAsync(server.Services.GetRequiredService<ILabConnections>(), cancellationToken);
            grouped = (double)recorded.Appends.Count * ours.All / (after.Commits - before.Commits);
        }

        await using var storage = await LabStorage.StartAsync(options, cancellationToken);
        await using var hook = await BareHook.StartAsync(storage.File, recorded, cancellationToken);
        await HookLoad.MeasureAsync(hook.Port, "/hooks/bench", concurrency, TimeSpan.FromSeconds(1), cancellationToken);
        var (bare, bareCpu) = await LoadAsync(hook.Port, concurrency, options, cancellationToken);
        return new Round(ours, cpu, bare, bareCpu, recorded.Appends.Count, recorded.Events, writing, committing, commit, grouped);
    }

    /// <summary>What the client saw, and the server's milliseconds of CPU a request.</summary>
    private static async Task<(LoadFigures Load, double Cpu)> LoadAsync(int port, int concurrency, BenchOptions options, CancellationToken cancellationToken)
    {
        GC.Collect();
        var cpu = Environment.CpuUsage.TotalTime;
        var load = await HookLoad.MeasureAsync(port, "/hooks/bench", concurrency, options.Stretch, cancellationToken);
        return (load, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / load.All);
    }

    private static async Task<IEnumerable<Figure>> EngineAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var (nodes, appends, loops) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i <= options.Rounds; i++)
        {
            await using var folder = new BenchFolder(options);
            await using var server = await LabServer.StartAsync(folder, store => new CommitClock(store), cancellationToken);
            Actor actor = await server.ActorAsync(cancellationToken);
            var (node, append) = await EngineCosts.NodeAsync(server, actor, cancellationToken);
            var loop = await EngineCosts.LoopAsync(server, actor, cancellationToken);
            Console.Error.WriteLine($"engine: {node:0.0} us a node beside {append:0.0} us of appends, loop {loop:0.0} MB");
            if (i > 0)
            {
                nodes.Add(node / 1000);
                appends.Add(append / 1000);
                loops.Add(loop);
            }
        }

        return
        [
            Figure.Of("engine: CPU a node beside its appends", "ms", nodes) with { Target = 0.05, AtMost = true },
            Figure.Of("engine: CPU of its appends a node", "ms", appends),
            Figure.Of("engine: a loop over 10,000 items holds more", "MB", loops) with { Target = 50, AtMost = true },
        ];
    }

    private sealed record Round(
        LoadFigures Ours, double Cpu, LoadFigures Bare, double BareCpu, int Appends, int Events, double Writing, double Committing, double Commit, double Grouped);
}

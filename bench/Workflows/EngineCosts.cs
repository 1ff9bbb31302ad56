using System.Text.Json;
using AgentLab.Bench.Fanout;
using AgentLab.Bench.Measure;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Bench.Workflows;

/// <summary>What the engine itself costs: CPU a node beside the appends that it makes, and memory while a long loop runs.</summary>
internal static class EngineCosts
{
    private const int ChainNodes = 100;
    private const int Turns = 7;
    private const int Runs = 20;
    private const int LoopItems = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Microseconds of CPU a node, the same appends by themselves taken off: the two take turns, as both are much the same, and the middle of the differences counts.
    /// </summary>
    public static async Task<(double Node, double Appends)> NodeAsync(LabServer server, Actor actor, CancellationToken cancellationToken)
    {
        var chain = BenchWorkflows.Chain(ChainNodes);
        var input = JsonElement.Parse("""{"count":1}""");
        var appends = await AppendsAsync(server, await RunAsync(server, chain, input, actor, cancellationToken), cancellationToken);
        var (engine, alone) = (new double[Turns], new double[Turns]);
        for (var turn = -1; turn < Turns; turn++)
        {
            var whole = await CpuAsync(() => RunAsync(server, chain, input, actor, cancellationToken));
            var log = await CpuAsync(() => AppendAsync(server.Log, appends, actor, cancellationToken));
            if (turn >= 0)
            {
                // The first turn only warms up.
                (engine[turn], alone[turn]) = ((whole - log) / ChainNodes, log / ChainNodes);
            }
        }

        return (Quantiles.Median(engine), Quantiles.Median(alone));
    }

    /// <summary>Megabytes that the heap holds more, at most, while a loop over 10,000 items runs.</summary>
    public static async Task<double> LoopAsync(LabServer server, Actor actor, CancellationToken cancellationToken)
    {
        var input = JsonSerializer.SerializeToElement(new { items = Enumerable.Range(1, LoopItems) });
        await RunAsync(server, BenchWorkflows.Loop, JsonElement.Parse("""{"items":[1,2,3]}"""), actor, cancellationToken);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = before;
        var run = RunAsync(server, BenchWorkflows.Loop, input, actor, cancellationToken);
        while (!run.IsCompleted)
        {
            await Task.WhenAny(run, Task.Delay(100, cancellationToken));
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
        }

        await run;
        return (most - before) / 1024.0 / 1024.0;
    }

    private static async Task<WorkflowRunReceipt> RunAsync(
        LabServer server, WorkflowDefinition definition, JsonElement input, Actor actor, CancellationToken cancellationToken)
    {
        var runs = server.Services.GetRequiredService<IWorkflowRuns>();
        var started = await runs.StartAsync(new StartWorkflowRun { Definition = definition, Input = input }, actor, cancellationToken);
        var receipt = started.Value ?? throw new InvalidOperationException(string.Join(" ", started.Errors.Select(e => $"{e.Field}: {e.Message}")));
        var state = await runs.WaitAsync(receipt, Patience, cancellationToken);
        return state.Status == "completed" ? receipt : throw new InvalidOperationException($"The run {state.Status}: {state.Error?.Message}");
    }

    private static async Task<double> CpuAsync(Func<Task> work)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Runs; i++)
        {
            await work();
        }

        return (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / Runs;
    }

    /// <summary>A run's events, as they were appended together.</summary>
    private static async Task<List<List<SessionEvent>>> AppendsAsync(LabServer server, WorkflowRunReceipt run, CancellationToken cancellationToken)
    {
        var recorded = await RecordedAppends.ReadAsync(server.Services.GetRequiredService<Data.Databases.ILabConnections>(), cancellationToken);
        var events = new Queue<SessionEvent>(await server.Services.GetRequiredService<ISessionReader>()
            .ReadAsync(run.SessionId, 0, long.MaxValue, 5000, null, descending: false, cancellationToken));
        return [.. recorded.Appends.Select(append => append.Select(_ => events.Dequeue()).ToList())];
    }

    private static async Task AppendAsync(ISessionLog log, List<List<SessionEvent>> appends, Actor actor, CancellationToken cancellationToken)
    {
        var (session, run) = (SessionId.New(), RunId.New());
        for (var i = 0; i < appends.Count; i++)
        {
            var events = appends[i].ConvertAll(e => new NewEvent(e.Data!, e.RunId is null ? null : run, e.StepId, e.Attempt));
            var append = new SessionAppend(session, events);
            append = i == 0 && appends[0][0].Data is SessionCreated created
                ? append with { Create = new NewSession(actor.UserId, created.ProjectId) }
                : append with { Fence = new RunFence(run, 1) };
            if ((await log.AppendAsync(append, cancellationToken)).Receipt is null)
            {
                throw new InvalidOperationException("An append was refused.");
            }
        }
    }
}

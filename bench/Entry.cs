using AgentLab.Bench.Append;
using AgentLab.Bench.Canvas;
using AgentLab.Bench.Fanout;
using AgentLab.Bench.Nodes;
using AgentLab.Bench.Queue;
using AgentLab.Bench.Render;
using AgentLab.Bench.Report;
using AgentLab.Bench.Resume;
using AgentLab.Bench.Startup;
using AgentLab.Bench.Viewers;
using AgentLab.Bench.Workflows;

namespace AgentLab.Bench;

/// <summary>The benchmarks by name. A name with an underscore is a part that runs as a process of its own.</summary>
internal static class Entry
{
    private static readonly Dictionary<string, Func<BenchOptions, CancellationToken, Task<int>>> Commands = new()
    {
        ["append"] = AppendBench.RunAsync,
        ["fanout"] = FanoutBench.RunAsync,
        ["resume"] = ResumeBench.RunAsync,
        ["startup"] = StartupBench.RunAsync,
        ["render"] = RenderBench.RunAsync,
        ["workflow"] = WorkflowBench.RunAsync,
        ["validate"] = ValidateBench.RunAsync,
        ["nodes"] = NodesBench.RunAsync,
        ["canvas"] = CanvasBench.RunAsync,
        ["queue"] = QueueBench.RunAsync,
        ["report"] = ReportBench.RunAsync,
        ["_bare"] = BareCommand.RunAsync,
        ["_viewers"] = ViewersCommand.RunAsync,
        ["_hooks"] = HookLoad.RunAsync,
    };

    public static async Task<int> Main(string[] args)
    {
        if (BenchOptions.Parse(args, Commands.Keys, Console.Error) is not { } options)
        {
            return 2;
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        return await Commands[options.Command](options, stop.Token);
    }
}

using AgentLab.Bench;
using AgentLab.Bench.Append;

var commands = new Dictionary<string, Func<BenchOptions, CancellationToken, Task<int>>>
{
    ["append"] = AppendBench.RunAsync,
};

if (BenchOptions.Parse(args, commands.Keys, Console.Error) is not { } options)
{
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
return await commands[options.Command](options, stop.Token);

using AgentLab.Bench.Fanout;

namespace AgentLab.Bench.Startup;

/// <summary>The bare server in a process of its own: the reference for starting and for memory.</summary>
internal static class BareCommand
{
    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        await using var server = await BareServer.StartAsync(null, cancellationToken);
        Console.WriteLine($"The bare server is ready at http://127.0.0.1:{server.Port}");
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }
}

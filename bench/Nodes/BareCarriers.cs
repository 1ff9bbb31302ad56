using System.Diagnostics;
using Npgsql;
using StackExchange.Redis;

namespace AgentLab.Bench.Nodes;

/// <summary>The way of one message by the carriers themselves, in milliseconds.</summary>
internal static class BareCarriers
{
    private const int Messages = 50;
    private const string Channel = "agentlab_bench";

    public static async Task<List<double>> NotifyAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var ear = new NpgsqlConnection(connectionString);
        await using var mouth = new NpgsqlConnection(connectionString);
        await ear.OpenAsync(cancellationToken);
        await mouth.OpenAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", ear))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var notify = new NpgsqlCommand($"SELECT pg_notify('{Channel}', 'x')", mouth);
        var delays = new List<double>();
        for (var i = 0; i < Messages; i++)
        {
            var heard = ear.WaitAsync(cancellationToken);
            var start = Stopwatch.GetTimestamp();
            await notify.ExecuteNonQueryAsync(cancellationToken);
            await heard;
            delays.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return delays;
    }

    public static async Task<List<double>> RedisAsync(string address, CancellationToken cancellationToken)
    {
        using var ear = await ConnectionMultiplexer.ConnectAsync(address);
        using var mouth = await ConnectionMultiplexer.ConnectAsync(address);
        using var heard = new SemaphoreSlim(0);
        await ear.GetSubscriber().SubscribeAsync(Channel, (_, _) => heard.Release());
        var delays = new List<double>();
        for (var i = 0; i < Messages; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await mouth.GetSubscriber().PublishAsync(Channel, "x");
            await heard.WaitAsync(cancellationToken);
            delays.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return delays;
    }
}

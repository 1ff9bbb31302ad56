using AgentLab.Core.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AgentLab.Data.Hints;

/// <summary>
/// Hints over Redis, published after the commit that they are about. The client connects again and subscribes again by itself; then everybody is told that hints may have been lost.
/// What could not be sent is dropped: whoever missed it looks into the database about every second.
/// </summary>
internal sealed class RedisHints(IOptions<HintOptions> options, NodeIdentity node, ILogger<RedisHints> logger) : HintCarrier(node, logger)
{
    private const int ConnectMilliseconds = 5_000;
    private const int RetryMilliseconds = 500;
    private const int KeepAliveSeconds = 5;

    /// <summary>Small enough that one message never holds up others.</summary>
    protected override int MostBytes => 64 * 1024;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var redis = await ConnectionMultiplexer.ConnectAsync(Configuration());
            redis.ConnectionFailed += (_, e) => Lost(e);
            redis.ConnectionRestored += (_, e) => Found(e);
            var channel = redis.GetSubscriber();
            await channel.SubscribeAsync(options.Value.Channel, (_, message) => Receive(message!));
            if (channel.IsConnected())
            {
                Arrive();
            }

            await SendAsync(channel, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
        finally
        {
            Stay();
        }
    }

    private async Task SendAsync(ISubscriber channel, CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (var message in await TakeAsync(cancellationToken))
            {
                try
                {
                    await channel.PublishAsync(options.Value.Channel, message);
                }
                catch (Exception e) when (e is RedisException or TimeoutException)
                {
                    // That the line is down was said when it went.
                }
            }
        }
    }

    private void Lost(ConnectionFailedEventArgs e)
    {
        if (e.ConnectionType == ConnectionType.Subscription)
        {
            Stay();
            Complain(e.Exception);
        }
    }

    private void Found(ConnectionFailedEventArgs e)
    {
        if (e.ConnectionType == ConnectionType.Subscription)
        {
            Arrive();
        }
    }

    private ConfigurationOptions Configuration()
    {
        var configuration = ConfigurationOptions.Parse(options.Value.Redis);
        configuration.AbortOnConnectFail = false;
        configuration.ConnectTimeout = ConnectMilliseconds;
        configuration.KeepAlive = KeepAliveSeconds;
        configuration.ClientName = "AgentLab";
        configuration.ReconnectRetryPolicy = new LinearRetry(RetryMilliseconds);
        return configuration;
    }
}

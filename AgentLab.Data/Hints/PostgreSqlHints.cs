using AgentLab.Core.Sessions;
using AgentLab.Data.Databases;
using AgentLab.Data.Databases.PostgreSql;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AgentLab.Data.Hints;

/// <summary>
/// Hints by NOTIFY, sent on a connection of their own and after the commit that they are about: within that transaction the lock of NOTIFY would let only one node commit at a time.
/// Another connection listens; when it breaks it is opened anew, and everybody is told that hints may have been lost.
/// </summary>
internal sealed class PostgreSqlHints(IOptions<DatabaseOptions> options, NodeIdentity node, TimeProvider time, ILogger<PostgreSqlHints> logger) : HintCarrier(node, logger)
{
    private const string Channel = "agentlab_hints";
    private const int KeepAliveSeconds = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>PostgreSQL takes less than 8,000 bytes in a notification.</summary>
    protected override int MostBytes => 7_500;

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(LiveAsync(ListenAsync, stoppingToken), LiveAsync(SendAsync, stoppingToken));

    /// <summary>Works on a connection of its own, and on another one when that breaks.</summary>
    private async Task LiveAsync(Func<NpgsqlConnection, Action, CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString());
                await connection.OpenAsync(stoppingToken);
                await work(connection, () => pause = FirstPause, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Complain(e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task ListenAsync(NpgsqlConnection connection, Action works, CancellationToken cancellationToken)
    {
        connection.Notification += (_, notification) => Receive(notification.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        try
        {
            works();
            Arrive();
            while (true)
            {
                await connection.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            Stay();
        }
    }

    private async Task SendAsync(NpgsqlConnection connection, Action works, CancellationToken cancellationToken)
    {
        await using var notify = new NpgsqlCommand("SELECT pg_notify($1, $2)", connection);
        notify.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Channel });
        var payload = new NpgsqlParameter<string>();
        notify.Parameters.Add(payload);
        while (true)
        {
            foreach (var message in await TakeAsync(cancellationToken))
            {
                payload.TypedValue = message;
                await notify.ExecuteNonQueryAsync(cancellationToken);
            }

            works();
        }
    }

    private string ConnectionString() => new NpgsqlConnectionStringBuilder(PostgreSqlLabConnections.ConnectionString(options.Value))
    {
        Pooling = false,
        KeepAlive = KeepAliveSeconds,
        ApplicationName = "AgentLab hints",
    }.ConnectionString;
}

using System.Data.Common;
using Npgsql;

namespace AgentLab.Data.Databases.PostgreSql;

internal sealed class PostgreSqlLabConnections(NpgsqlDataSource source, DatabaseOptions options) : ILabConnections
{
    /// <summary>A node that stands still in the middle of a transaction holds its locks no longer than this: others would wait for it.</summary>
    private const long LongestIdleMs = 3_000;

    public DatabaseKind Kind => DatabaseKind.PostgreSql;

    public async ValueTask<DbConnection> OpenReadAsync(CancellationToken cancellationToken) =>
        await source.OpenConnectionAsync(cancellationToken);

    public async ValueTask<DbConnection> OpenWriteAsync(CancellationToken cancellationToken) =>
        await source.OpenConnectionAsync(cancellationToken);

    public async ValueTask<DbConnection> OpenOwnAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString(options)) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public void AfterCommit(DbConnection writer)
    {
    }

    /// <summary>
    /// The settings of every connection. The timeouts travel as start-up options, which the reset of a pooled connection keeps.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <param name="bounded">False for migrations, whose statements may take long.</param>
    public static string ConnectionString(DatabaseOptions options, bool bounded = true)
    {
        var builder = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            Timeout = (int)options.ConnectTimeout.TotalSeconds,
            CommandTimeout = bounded ? (int)options.CommandTimeout.TotalSeconds : 0,
            MaxPoolSize = options.PoolSize,
            ApplicationName = "AgentLab",
            IncludeErrorDetail = false,
        };
        var statement = bounded ? (long)options.CommandTimeout.TotalMilliseconds : 0;
        var waiting = bounded ? (long)options.LockTimeout.TotalMilliseconds : 0;
        var idle = bounded ? Math.Min(waiting, LongestIdleMs) : 0;
        builder.Options = $"{builder.Options} -c statement_timeout={statement} -c lock_timeout={waiting} -c idle_in_transaction_session_timeout={idle}".Trim();
        return builder.ConnectionString;
    }
}

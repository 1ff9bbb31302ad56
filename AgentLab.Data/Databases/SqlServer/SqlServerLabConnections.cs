using System.Data.Common;
using Microsoft.Data.SqlClient;

namespace AgentLab.Data.Databases.SqlServer;

internal sealed class SqlServerLabConnections(DatabaseOptions options) : ILabConnections
{
    private readonly string _connectionString = ConnectionString(options);
    private readonly string _lockTimeout = LockTimeout(options);

    public DatabaseKind Kind => DatabaseKind.SqlServer;

    public static string ConnectionString(DatabaseOptions options) => new SqlConnectionStringBuilder(options.ConnectionString)
    {
        ConnectTimeout = (int)options.ConnectTimeout.TotalSeconds,
        CommandTimeout = (int)options.CommandTimeout.TotalSeconds,
        MaxPoolSize = options.PoolSize,
        ApplicationName = "AgentLab",
    }.ConnectionString;

    /// <summary>The reset of a pooled connection forgets it, so each opening says it again.</summary>
    public static string LockTimeout(DatabaseOptions options) => $"SET LOCK_TIMEOUT {(long)options.LockTimeout.TotalMilliseconds};";

    public ValueTask<DbConnection> OpenReadAsync(CancellationToken cancellationToken) => OpenAsync(_connectionString, cancellationToken);

    public ValueTask<DbConnection> OpenWriteAsync(CancellationToken cancellationToken) => OpenAsync(_connectionString, cancellationToken);

    public ValueTask<DbConnection> OpenOwnAsync(CancellationToken cancellationToken) =>
        OpenAsync(new SqlConnectionStringBuilder(_connectionString) { Pooling = false }.ConnectionString, cancellationToken);

    public void AfterCommit(DbConnection writer)
    {
    }

    private async ValueTask<DbConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new SqlConnection(connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = new SqlCommand(_lockTimeout, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}

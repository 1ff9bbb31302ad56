using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AgentLab.Data.Databases.SqlServer;

/// <summary>Bounds the waiting for locks on each connection that EF opens.</summary>
internal sealed class SqlServerConnectionInterceptor(DatabaseOptions options) : DbConnectionInterceptor
{
    private readonly string _lockTimeout = SqlServerLabConnections.LockTimeout(options);

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = _lockTimeout;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = _lockTimeout;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AgentLab.Data.Databases.Sqlite;

/// <summary>Tells each connection that EF opens the pragmas; it opens read-only unless made for migrations.</summary>
internal sealed class SqliteConnectionInterceptor(bool writable) : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
        SqlitePragmas.Apply(connection, writable);

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        SqlitePragmas.Apply(connection, writable);
        return Task.CompletedTask;
    }
}

using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace AgentLab.Data.Databases.Sqlite;

internal sealed class SqliteLabConnections(DatabaseOptions options) : ILabConnections
{
    private readonly WalCheckpoint _checkpoint = new();
    private readonly string _connectionString = ConnectionString(options);

    public DatabaseKind Kind => DatabaseKind.Sqlite;

    public static string ConnectionString(DatabaseOptions options) => new SqliteConnectionStringBuilder
    {
        DataSource = options.SqliteFile,
        DefaultTimeout = (int)options.CommandTimeout.TotalSeconds,
        Pooling = true,
    }.ConnectionString;

    public ValueTask<DbConnection> OpenReadAsync(CancellationToken cancellationToken) => Open(writable: false, cancellationToken);

    public ValueTask<DbConnection> OpenWriteAsync(CancellationToken cancellationToken) => Open(writable: true, cancellationToken);

    public void AfterCommit(DbConnection writer) => _checkpoint.AfterCommit((SqliteConnection)writer);

    private ValueTask<DbConnection> Open(bool writable, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            SqlitePragmas.Apply(connection, writable);
            return ValueTask.FromResult<DbConnection>(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

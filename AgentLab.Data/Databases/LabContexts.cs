using AgentLab.Data.Databases.PostgreSql;
using AgentLab.Data.Databases.Sqlite;
using AgentLab.Data.Databases.SqlServer;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AgentLab.Data.Databases;

/// <summary>Makes the contexts of the configured database.</summary>
internal sealed class LabContexts : IDbContextFactory<LabDbContext>, IDisposable, IAsyncDisposable
{
    /// <summary>
    /// PostgreSQL's 25P03, idle_in_transaction_session_timeout: the server rolled the transaction back because this process stood still in it, as on a machine that is very busy. It may be
    /// made again.
    /// </summary>
    private static readonly string[] StoodStill = ["25P03"];

    /// <summary>SQL Server answers with number 0 when it is down; EF's own list of transient errors lacks it.</summary>
    private static readonly int[] ServerDown = [0];

    private readonly DatabaseOptions _options;
    private readonly Func<LabDbContext> _create;
    private readonly Func<LabDbContext> _createForMigration;
    private readonly NpgsqlDataSource? _source;

    public LabContexts(DatabaseOptions options, WriteGate gate)
    {
        _options = options;
        Kind = options.Provider;
        switch (options.Provider)
        {
            case DatabaseKind.Sqlite:
                SqliteLibrary.Choose(options.SqliteLibrary);
                Connections = new SqliteLabConnections(options);
                var writes = new ContextWrites(gate, Connections);
                var (bounded, migrating) = (Sqlite(options, false), Sqlite(options, true));
                _create = () => new SqliteLabDbContext(bounded, writes);
                _createForMigration = () => new SqliteLabDbContext(migrating, null);
                break;
            case DatabaseKind.PostgreSql:
                var source = _source = NpgsqlDataSource.Create(PostgreSqlLabConnections.ConnectionString(options));
                Connections = new PostgreSqlLabConnections(source, options);
                var shared = new DbContextOptionsBuilder<PostgreSqlLabDbContext>()
                    .UseNpgsql(source, npgsql => npgsql.EnableRetryOnFailure(StoodStill)).Options;
                var own = new DbContextOptionsBuilder<PostgreSqlLabDbContext>()
                    .UseNpgsql(PostgreSqlLabConnections.ConnectionString(options, bounded: false)).Options;
                _create = () => new PostgreSqlLabDbContext(shared);
                _createForMigration = () => new PostgreSqlLabDbContext(own);
                break;
            default:
                Connections = new SqlServerLabConnections(options);
                var (retrying, plain) = (SqlServer(options, false), SqlServer(options, true));
                _create = () => new SqlServerLabDbContext(retrying);
                _createForMigration = () => new SqlServerLabDbContext(plain);
                break;
        }
    }

    public DatabaseKind Kind { get; }

    public ILabConnections Connections { get; }

    public LabDbContext CreateDbContext() => _create();

    /// <summary>A context whose statements are not bounded in time, and which writes on SQLite without the gate.</summary>
    public LabDbContext CreateForMigration() => _createForMigration();

    public void Dispose()
    {
        ClosePooled();
        _source?.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        ClosePooled();
        return _source?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    /// <summary>The last connection that closes moves the write-ahead log into the file.</summary>
    private void ClosePooled()
    {
        if (Kind == DatabaseKind.Sqlite)
        {
            using var connection = new SqliteConnection(SqliteLabConnections.ConnectionString(_options));
            SqliteConnection.ClearPool(connection);
        }
    }

    private static DbContextOptions<SqliteLabDbContext> Sqlite(DatabaseOptions options, bool migrating) =>
        new DbContextOptionsBuilder<SqliteLabDbContext>()
            .UseSqlite(SqliteLabConnections.ConnectionString(options))
            .AddInterceptors(new SqliteConnectionInterceptor(writable: migrating))
            .Options;

    private static DbContextOptions<SqlServerLabDbContext> SqlServer(DatabaseOptions options, bool migrating)
    {
        var builder = new DbContextOptionsBuilder<SqlServerLabDbContext>();
        builder.UseSqlServer(SqlServerLabConnections.ConnectionString(options), server =>
        {
            // One statement a row: a batch of several would be a MERGE.
            server.MaxBatchSize(1);
            if (migrating)
            {
                server.CommandTimeout((int)TimeSpan.FromHours(1).TotalSeconds);
            }
            else
            {
                server.EnableRetryOnFailure(6, TimeSpan.FromSeconds(10), ServerDown);
            }
        });
        if (!migrating)
        {
            builder.AddInterceptors(new SqlServerConnectionInterceptor(options));
        }

        return builder.Options;
    }
}

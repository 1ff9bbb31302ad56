using AgentLab.Data.Databases;
using AgentLab.Data.Sessions.Log;
using AgentLab.Tests.Data.Databases;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Faults.Appends;

/// <summary>SQLite with a log store that breaks on demand.</summary>
public sealed class FaultySqlite : SqliteFixture
{
    protected override void Configure(IServiceCollection services, IConfiguration configuration) => services.AddSingleton<ILogStore>(
        p => new FaultyLogStore(new SqliteLogStore(p.GetRequiredService<ILabConnections>(), p.GetRequiredService<WriteGate>())));
}

/// <summary>PostgreSQL with a log store that breaks on demand.</summary>
public sealed class FaultyPostgreSql : PostgreSqlFixture
{
    protected override void Configure(IServiceCollection services, IConfiguration configuration) => services.AddSingleton<ILogStore>(
        p => new FaultyLogStore(new ServerLogStore(p.GetRequiredService<ILabConnections>())));
}

public sealed class SqliteTransactionTests(FaultySqlite fixture) : TransactionSuite<FaultySqlite>(fixture), IClassFixture<FaultySqlite>;

public sealed class PostgreSqlTransactionTests(FaultyPostgreSql fixture) : TransactionSuite<FaultyPostgreSql>(fixture), IClassFixture<FaultyPostgreSql>;

using AgentLab.Data.Databases;
using AgentLab.Tests.Data.Databases;
using Npgsql;

namespace AgentLab.Tests.Faults.Storage;

/// <summary>A PostgreSQL server of this test's own, reached directly or through a line that can be cut.</summary>
public sealed class OwnPostgreSql : DatabaseFixture
{
    private string _connectionString = "";

    public override DatabaseKind Kind => DatabaseKind.PostgreSql;

    public override Dictionary<string, string?> Settings => new(base.Settings)
    {
        ["AgentLab:Database:ConnectionString"] = _connectionString,
        ["AgentLab:Database:PoolSize"] = "20",
    };

    /// <summary>The server.</summary>
    internal PostgreSqlServer Server { get; private set; } = null!;

    /// <summary>The line between the program and the server.</summary>
    internal CommitLine Line { get; private set; } = null!;

    protected override async Task CreateAsync()
    {
        Server = await PostgreSqlServer.StartOwnAsync();
        Line = new CommitLine(Server.Port);
        _connectionString = new NpgsqlConnectionStringBuilder(Server.ConnectionString("lab")) { Port = Line.Port }.ConnectionString;
    }

    protected override async Task DropAsync()
    {
        await Line.DisposeAsync();
        await Server.StopAtOnceAsync();
    }
}

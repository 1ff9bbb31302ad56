using AgentLab.Data.Databases;
using Npgsql;

namespace AgentLab.Tests.Data.Databases;

/// <summary>A database of its own on the test run's real PostgreSQL server.</summary>
public class PostgreSqlFixture : DatabaseFixture
{
    private readonly string _name = $"lab_{Guid.NewGuid():N}";
    private string _connectionString = "";

    public override DatabaseKind Kind => DatabaseKind.PostgreSql;

    public override Dictionary<string, string?> Settings => new(base.Settings)
    {
        ["AgentLab:Database:ConnectionString"] = _connectionString,
        ["AgentLab:Database:PoolSize"] = "20",
    };

    protected override async Task CreateAsync()
    {
        // Without a database of that name: making it is the program's task.
        _connectionString = (await PostgreSqlServer.StartedAsync()).ConnectionString(_name);
    }

    protected override async Task DropAsync()
    {
        var server = await PostgreSqlServer.StartedAsync();
        await using var connection = new NpgsqlConnection(server.ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)", connection);
        await command.ExecuteNonQueryAsync();
    }
}

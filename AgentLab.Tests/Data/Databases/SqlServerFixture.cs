using AgentLab.Data.Databases;
using Microsoft.Data.SqlClient;

namespace AgentLab.Tests.Data.Databases;

/// <summary>A database of its own on the server that the variable AGENTLAB_TEST_SQLSERVER names by a connection string.</summary>
public class SqlServerFixture : DatabaseFixture
{
    /// <summary>The variable that names the server.</summary>
    public const string Variable = "AGENTLAB_TEST_SQLSERVER";

    private readonly string _name = $"lab_{Guid.NewGuid():N}";

    /// <summary>The server's connection string, null where there is none.</summary>
    public static string? Server => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } server ? server : null;

    public override DatabaseKind Kind => DatabaseKind.SqlServer;

    public override Dictionary<string, string?> Settings => new(base.Settings)
    {
        ["AgentLab:Database:ConnectionString"] = On(_name),
        ["AgentLab:Database:PoolSize"] = "20",
    };

    protected override async Task DropAsync()
    {
        SqlConnection.ClearAllPools();
        await using var connection = new SqlConnection(On("master"));
        await connection.OpenAsync();
        await using var command = new SqlCommand($"DROP DATABASE IF EXISTS [{_name}]", connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string On(string database) => new SqlConnectionStringBuilder(Server) { InitialCatalog = database }.ConnectionString;
}

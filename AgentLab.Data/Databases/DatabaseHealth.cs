using System.Data.Common;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentLab.Data.Databases;

/// <summary>Asks the database for its newest migration: reachable, and made by a program.</summary>
internal sealed class DatabaseHealth(ILabConnections connections) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = await connections.OpenReadAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT value FROM instance WHERE name = 'schema_version'";
            var version = await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy(
                data: new Dictionary<string, object> { ["kind"] = connections.Kind.ToString(), ["schema"] = version ?? "" });
        }
        catch (DbException error)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", error);
        }
    }
}

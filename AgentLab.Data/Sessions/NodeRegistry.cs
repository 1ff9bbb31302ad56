using System.Data.Common;
using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Sessions;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Sessions;

/// <summary>The nodes' rows. On PostgreSQL and SQL Server each change is one statement that takes its time from the server.</summary>
internal sealed class NodeRegistry(LabDatabase database, ILabConnections connections, NodeIdentity node, TimeProvider time) : INodeRegistry, IDisposable
{
    // A renewal must not wait for a place in the pool: when the program is that busy, its lease would be lost for nothing.
    private DbConnection? _renewing;
    private volatile bool _disposed;

    /// <inheritdoc />
    public bool Shared => connections.Kind != DatabaseKind.Sqlite;

    private string Now => connections.Kind == DatabaseKind.PostgreSql
        ? "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS bigint)"
        : "DATEDIFF_BIG(microsecond, '1970-01-01', SYSUTCDATETIME())";

    /// <inheritdoc />
    public async ValueTask RegisterAsync(string id, CancellationToken cancellationToken)
    {
        if (Shared)
        {
            await ExecuteAsync(
                $"INSERT INTO lab_nodes (id, name, started_at, lease_until) SELECT @id, @name, {Now}, {Now} + @lease WHERE NOT EXISTS (SELECT 1 FROM lab_nodes WHERE id = @id)",
                [("@id", id), ("@name", node.Name), ("@lease", Microseconds)], cancellationToken);
        }
        else
        {
            await database.WriteAsync((context, token) => RegisterAloneAsync(context, id, token), cancellationToken);
        }
    }

    /// <inheritdoc />
    public async ValueTask<bool> RenewAsync(string id, CancellationToken cancellationToken)
    {
        if (!Shared)
        {
            return true;
        }

        var connection = Interlocked.Exchange(ref _renewing, null) ?? await connections.OpenOwnAsync(cancellationToken);
        var keep = false;
        try
        {
            var text = $"UPDATE lab_nodes SET lease_until = {Now} + @lease WHERE id = @id";
            var renewed = await ExecuteAsync(connection, text, [("@id", id), ("@lease", Microseconds)], cancellationToken) == 1;
            keep = !_disposed && Interlocked.CompareExchange(ref _renewing, connection, null) is null;
            return renewed;
        }
        finally
        {
            if (!keep)
            {
                await connection.DisposeAsync();
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (Shared)
        {
            await ExecuteAsync("DELETE FROM lab_nodes WHERE id = @id", [("@id", id)], cancellationToken);
        }
    }

    /// <inheritdoc />
    public async ValueTask<int> RemoveExpiredAsync(CancellationToken cancellationToken) =>
        Shared ? await ExecuteAsync($"DELETE FROM lab_nodes WHERE lease_until < {Now}", [], cancellationToken) : 0;

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken) => await database.ReadAsync(
        async (context, token) => (IReadOnlyList<NodeEntry>)
        [
            .. (await context.Set<NodeRow>().OrderBy(n => n.StartedAt).ThenBy(n => n.Id).ToListAsync(token))
                .Select(n => new NodeEntry(n.Id, n.Name, UtcMicroseconds.ToTime(n.StartedAt), UtcMicroseconds.ToTime(n.LeaseUntil))),
        ],
        cancellationToken);

    /// <inheritdoc />
    public void Dispose()
    {
        _disposed = true;
        Interlocked.Exchange(ref _renewing, null)?.Dispose();
    }

    private long Microseconds => (long)node.Lease.TotalMicroseconds;

    /// <summary>The lock of the data directory says that nobody else is there, whatever the rows say.</summary>
    private async Task RegisterAloneAsync(LabDbContext context, string id, CancellationToken cancellationToken)
    {
        await context.Set<NodeRow>().ExecuteDeleteAsync(cancellationToken);
        context.Add(new NodeRow { Id = id, Name = node.Name, StartedAt = UtcMicroseconds.Now(time), LeaseUntil = UtcMicroseconds.From(DateTimeOffset.MaxValue) });
    }

    private async ValueTask<int> ExecuteAsync(string text, IEnumerable<(string Name, object Value)> values, CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenWriteAsync(cancellationToken);
        return await ExecuteAsync(connection, text, values, cancellationToken);
    }

    private static async ValueTask<int> ExecuteAsync(
        DbConnection connection, string text, IEnumerable<(string Name, object Value)> values, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

using System.Data;
using System.Data.Common;
using AgentLab.Core.Sessions;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AgentLab.Data.Blobs;

/// <summary>Keeps content by its SHA-256. Writing takes part in the caller's transaction, so a blob and the event that names it commit together.</summary>
public sealed class BlobStore(ILabConnections connections, TimeProvider clock)
{
    private const string Columns = "sha256, size, content_type, content, created_at";
    private const string Values = "@sha256, @size, @type, @content, @at";

    // The hint keeps two writers of the same content from both finding nothing; without it one of them would fail.
    private readonly string _insert = connections.Kind == DatabaseKind.SqlServer
        ? $"INSERT INTO blobs ({Columns}) SELECT {Values} WHERE NOT EXISTS (SELECT 1 FROM blobs WITH (UPDLOCK, HOLDLOCK) WHERE sha256 = @sha256)"
        : $"INSERT INTO blobs ({Columns}) VALUES ({Values}) ON CONFLICT (sha256) DO NOTHING";

    /// <summary>Stores the blob on an open connection inside its transaction; does nothing where the content is there already.</summary>
    public async Task PutAsync(DbConnection connection, DbTransaction? transaction, Blob blob, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = _insert;
        Add(command, "@sha256", DbType.AnsiString, blob.Hash);
        Add(command, "@size", DbType.Int64, (long)blob.Content.Length);
        Add(command, "@type", DbType.AnsiString, blob.ContentType);
        Add(command, "@content", DbType.Binary, blob.Content.ToArray());
        Add(command, "@at", DbType.Int64, UtcMicroseconds.Now(clock));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Stores the blob inside the context's transaction: call it within <see cref="LabDatabase.WriteAsync{T}"/>.</summary>
    public Task PutAsync(LabDbContext context, Blob blob, CancellationToken cancellationToken)
    {
        var transaction = context.Database.CurrentTransaction?.GetDbTransaction()
            ?? throw new InvalidOperationException("A blob is stored in the transaction of what names it: use LabDatabase.WriteAsync.");
        return PutAsync(context.Database.GetDbConnection(), transaction, blob, cancellationToken);
    }

    /// <summary>The blob with this hash (lower-case hex), or null.</summary>
    public async Task<Blob?> GetAsync(string hash, CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenReadAsync(cancellationToken);
        await using var command = Select(connection, hash);
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Blob(hash, reader.GetString(0), await reader.GetFieldValueAsync<byte[]>(1, cancellationToken))
            : null;
    }

    /// <summary>Writes the content of a blob to <paramref name="destination"/> without holding it whole; false when there is none.</summary>
    public async Task<bool> CopyToAsync(string hash, Stream destination, CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenReadAsync(cancellationToken);
        await using var command = Select(connection, hash);
        await using var reader = await command.ExecuteReaderAsync(
            CommandBehavior.SingleRow | CommandBehavior.SequentialAccess, cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return false;
        }

        await using var content = reader.GetStream(1);
        await content.CopyToAsync(destination, cancellationToken);
        return true;
    }

    private DbCommand Select(DbConnection connection, string hash)
    {
        var command = connection.CreateCommand();

        // With the rowid SQLite's driver reads a column as a stream; without it, it would hold the content whole.
        command.CommandText = connections.Kind == DatabaseKind.Sqlite
            ? "SELECT content_type, content, rowid FROM blobs WHERE sha256 = @sha256"
            : "SELECT content_type, content FROM blobs WHERE sha256 = @sha256";
        Add(command, "@sha256", DbType.AnsiString, hash);
        return command;
    }

    private static void Add(DbCommand command, string name, DbType type, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, type, value);
        command.Parameters.Add(parameter);
    }
}

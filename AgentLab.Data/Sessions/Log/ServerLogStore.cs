using System.Data;
using System.Data.Common;
using AgentLab.Core.Sessions;
using AgentLab.Data.Databases;

namespace AgentLab.Data.Sessions.Log;

/// <summary>
/// The log on PostgreSQL and SQL Server: sessions are locked one after the other in id order in one round trip, all statements go in a second one.
/// Nothing is kept between batches, since other nodes write too.
/// </summary>
internal sealed class ServerLogStore(ILabConnections connections) : ILogStore
{
    private const int AppendIdOf = 2;

    private readonly List<LogStatement> _statements = [];
    private bool _marked;
    private long _mark;
    private DbConnection? _connection;
    private DbTransaction? _transaction;

    /// <inheritdoc />
    public async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        _statements.Clear();
        _marked = false;
        _connection = await connections.OpenWriteAsync(cancellationToken);
        _transaction = await _connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask<Dictionary<SessionId, SessionState>> LockAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken)
    {
        var found = new Dictionary<SessionId, SessionState>(ids.Count);
        if (ids.Count == 0)
        {
            return found;
        }

        await using var batch = NewBatch();
        var text = LogSqlText.LockState(connections.Kind);
        foreach (var id in ids)
        {
            AddTo(batch, text, [id.Value]);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        for (var i = 0; i < ids.Count; i++)
        {
            if (await reader.ReadAsync(cancellationToken))
            {
                found.Add(ids[i], SessionStateReader.Read(reader, ids[i]));
            }

            await reader.NextResultAsync(cancellationToken);
        }

        return found;
    }

    /// <inheritdoc />
    public async ValueTask<RecordedRequest?> FindRequestAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        await using var command = Command(LogSqlText.FindRequest, [key.Principal, key.Route, key.Key]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new RecordedRequest(reader.GetString(0), reader.GetString(1)) : null;
    }

    /// <inheritdoc />
    public async ValueTask<bool> AddRequestAsync(IdempotencyKey key, string answer, long at, CancellationToken cancellationToken)
    {
        await using var command = Command(
            LogSqlText.AddRequest(connections.Kind), [key.Principal, key.Route, key.Key, key.BodyHash, answer, at]);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <inheritdoc />
    public void Add(LogSql sql, params object?[] values)
    {
        if (sql == LogSql.InsertEvent && !_marked)
        {
            _marked = true;
            _mark = (long)values[AppendIdOf]!;
        }

        _statements.Add(new LogStatement(sql, values));
    }

    /// <inheritdoc />
    public async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        if (_statements.Count > 0)
        {
            await using var batch = NewBatch();
            if (_marked && LogSqlText.Mark(connections.Kind) is { } mark)
            {
                AddTo(batch, mark, [_mark]);
            }

            foreach (var statement in _statements)
            {
                AddTo(batch, LogSqlText.Of(statement.Sql, connections.Kind), statement.Values);
            }

            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        try
        {
            await _transaction!.CommitAsync(cancellationToken);
        }
        catch (Exception e) when (e is DbException or IOException or InvalidOperationException)
        {
            throw new CommitAnswerLostException(e);
        }

        await CloseAsync();
    }

    /// <inheritdoc />
    public void Release()
    {
        // The server's own locks ended with the transaction.
    }

    /// <inheritdoc />
    public async ValueTask AbandonAsync()
    {
        try
        {
            await CloseAsync();
        }
        catch (Exception e) when (e is DbException or IOException or InvalidOperationException)
        {
            // The connection is broken already; the server rolls back what it held.
            (_transaction, _connection) = (null, null);
        }
    }

    /// <inheritdoc />
    public bool IsUnavailable(Exception error) =>
        error is CommitAnswerLostException or DbException { IsTransient: true } or IOException or TimeoutException or InvalidOperationException { InnerException: DbException }
        || error.InnerException is IOException or System.Net.Sockets.SocketException or TimeoutException;

    /// <inheritdoc />
    public async ValueTask<bool> HasAppendAsync(long sessionKey, long sequence, long appendId, CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenWriteAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        if (LogSqlText.Mark(connections.Kind) is { } mark)
        {
            // The broken connection's COMMIT may still be on its way to the server: whoever holds the mark has not ended yet.
            await using var wait = connection.CreateCommand();
            wait.Transaction = transaction;
            wait.CommandText = mark;
            Bind(wait.Parameters, wait.CreateParameter, [appendId]);
            await wait.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = LogSqlText.FindAppend(connections.Kind);
        Bind(command.Parameters, command.CreateParameter, [sessionKey, sequence, appendId]);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture) > 0;
    }

    /// <inheritdoc />
    public void Remember(IEnumerable<SessionState> states)
    {
    }

    /// <inheritdoc />
    public void Forget(SessionId id)
    {
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => AbandonAsync();

    private async ValueTask CloseAsync()
    {
        if (_transaction is { } transaction)
        {
            _transaction = null;
            await transaction.DisposeAsync();
        }

        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    private DbBatch NewBatch()
    {
        var batch = _connection!.CreateBatch();
        batch.Transaction = _transaction;
        return batch;
    }

    private static void AddTo(DbBatch batch, string text, object?[] values)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = text;
        Bind(command.Parameters, command.CreateParameter, values);
        batch.BatchCommands.Add(command);
    }

    private DbCommand Command(string text, object?[] values)
    {
        var command = _connection!.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = text;
        Bind(command.Parameters, command.CreateParameter, values);
        return command;
    }

    private static void Bind(DbParameterCollection parameters, Func<DbParameter> create, object?[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = create();
            parameter.ParameterName = $"@p{i}";
            parameter.Value = values[i] ?? DBNull.Value;
            parameters.Add(parameter);
        }
    }
}

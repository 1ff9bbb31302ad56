using AgentLab.Core.Sessions;
using AgentLab.Data.Databases;
using AgentLab.Data.Databases.Sqlite;
using Microsoft.Data.Sqlite;

namespace AgentLab.Data.Sessions.Log;

/// <summary>
/// The log on SQLite: one long-lived connection with prepared statements, used only inside the write gate. Since no other process and no other code writes
/// a session's head, the states of recent sessions are kept between batches.
/// </summary>
internal sealed class SqliteLogStore(ILabConnections connections, WriteGate gate) : ILogStore
{
    private const int KeptStates = 4096;
    private const int DiskFull = 13;
    private const int IoError = 10;
    private const int CannotOpen = 14;
    private const int ReadOnly = 8;

    private readonly SqliteStatement?[] _statements = new SqliteStatement?[Enum.GetValues<LogSql>().Length];
    private readonly Dictionary<SessionId, SessionState> _states = [];
    private readonly Lock _forgetLock = new();
    private readonly HashSet<SessionId> _forget = [];
    private SqliteConnection? _connection;
    private SqliteCommand? _begin;
    private SqliteCommand? _commit;
    private SqliteCommand? _lock;
    private SqliteCommand? _findRequest;
    private SqliteStatement? _addRequest;
    private WriteLease? _lease;
    private bool _open;

    /// <inheritdoc />
    public async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        _lease = await gate.EnterAsync(cancellationToken);
        if (_connection is null)
        {
            _connection = (SqliteConnection)await connections.OpenWriteAsync(cancellationToken);
            _begin = Prepare("BEGIN IMMEDIATE", 0);
            _commit = Prepare("COMMIT", 0);
            _lock = Prepare(LogSqlText.LockState(DatabaseKind.Sqlite), 1);
            _findRequest = Prepare(LogSqlText.FindRequest, 3);
            _addRequest = new SqliteStatement(_connection, LogSqlText.AddRequest(DatabaseKind.Sqlite));
        }

        _begin!.ExecuteNonQuery();
        _open = true;
    }

    /// <inheritdoc />
    public ValueTask<Dictionary<SessionId, SessionState>> LockAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken)
    {
        DropForgotten();
        var found = new Dictionary<SessionId, SessionState>(ids.Count);
        foreach (var id in ids)
        {
            // A state is taken out while a batch changes it: if the batch is abandoned, the next one reads it afresh.
            if (_states.Remove(id, out var state) || (state = Read(id)) is not null)
            {
                found.Add(id, state);
            }
        }

        return ValueTask.FromResult(found);
    }

    /// <inheritdoc />
    public ValueTask<RecordedRequest?> FindRequestAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        Bind(_findRequest!, [key.Principal, key.Route, key.Key]);
        using var reader = _findRequest!.ExecuteReader();
        return ValueTask.FromResult(reader.Read() ? new RecordedRequest(reader.GetString(0), reader.GetString(1)) : null);
    }

    /// <inheritdoc />
    public ValueTask<bool> AddRequestAsync(IdempotencyKey key, string answer, long at, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_addRequest!.Execute(key.Principal, key.Route, key.Key, key.BodyHash, answer, at) == 1);

    /// <inheritdoc />
    public void Add(LogSql sql, params object?[] values)
    {
        var statement = _statements[(int)sql] ??= new SqliteStatement(_connection!, LogSqlText.Of(sql, DatabaseKind.Sqlite));
        statement.Execute(values);
    }

    /// <inheritdoc />
    public ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        _commit!.ExecuteNonQuery();
        _open = false;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public void Release()
    {
        try
        {
            connections.AfterCommit(_connection!);
        }
        finally
        {
            _lease?.Dispose();
        }
    }

    /// <inheritdoc />
    public ValueTask AbandonAsync()
    {
        if (_open)
        {
            _open = false;
            RollBack();
        }

        _states.Clear();
        _lease?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public bool IsUnavailable(Exception error) =>
        error is SqliteException { SqliteErrorCode: DiskFull or IoError or CannotOpen or ReadOnly };

    /// <inheritdoc />
    public ValueTask<bool> HasAppendAsync(long sessionKey, long sequence, long appendId, CancellationToken cancellationToken) =>
        throw new NotSupportedException("SQLite answers COMMIT in the process; an answer cannot be lost.");

    /// <inheritdoc />
    public void Remember(IEnumerable<SessionState> states)
    {
        if (_states.Count > KeptStates)
        {
            _states.Clear();
        }

        foreach (var state in states)
        {
            _states[state.Id] = state;
        }
    }

    /// <inheritdoc />
    public void Forget(SessionId id)
    {
        lock (_forgetLock)
        {
            _forget.Add(id);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        DropConnection();
        return ValueTask.CompletedTask;
    }

    private void DropForgotten()
    {
        lock (_forgetLock)
        {
            foreach (var id in _forget)
            {
                _states.Remove(id);
            }

            _forget.Clear();
        }
    }

    private SessionState? Read(SessionId id)
    {
        Bind(_lock!, [id.Value]);
        using var reader = _lock!.ExecuteReader();
        return reader.Read() ? SessionStateReader.Read(reader, id) : null;
    }

    private SqliteCommand Prepare(string text, int values)
    {
        var command = _connection!.CreateCommand();
        command.CommandText = text;
        for (var i = 0; i < values; i++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = $"@p{i}" });
        }

        command.Prepare();
        return command;
    }

    private static void Bind(SqliteCommand command, ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }

    /// <summary>The pool would hand the open transaction on: it is rolled back first. SQLite may have done so by itself (full disk, I/O error).</summary>
    private void RollBack()
    {
        try
        {
            SqlitePragmas.Execute(_connection!, "ROLLBACK");
        }
        catch (SqliteException)
        {
            SqliteConnection.ClearPool(_connection!);
        }

        DropConnection();
    }

    /// <summary>A new connection is opened for the next batch.</summary>
    private void DropConnection()
    {
        foreach (var statement in _statements)
        {
            statement?.Dispose();
        }

        Array.Clear(_statements);
        _addRequest?.Dispose();
        _connection?.Dispose();
        _connection = null;
    }
}

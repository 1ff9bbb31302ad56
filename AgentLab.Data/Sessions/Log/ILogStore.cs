using AgentLab.Core.Sessions;

namespace AgentLab.Data.Sessions.Log;

/// <summary>
/// What the log writer asks of a database: one transaction at a time, made of sessions locked in id order and then statements in order.
/// Used by one writer only.
/// </summary>
internal interface ILogStore : IAsyncDisposable
{
    /// <summary>Starts a transaction (on SQLite inside the write gate).</summary>
    ValueTask BeginAsync(CancellationToken cancellationToken);

    /// <summary>Reads and locks these sessions, given in id order; missing ones are left out.</summary>
    ValueTask<Dictionary<SessionId, SessionState>> LockAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken);

    /// <summary>The request's earlier answer, if it was recorded.</summary>
    ValueTask<RecordedRequest?> FindRequestAsync(IdempotencyKey key, CancellationToken cancellationToken);

    /// <summary>Records a request; false when it is there already.</summary>
    ValueTask<bool> AddRequestAsync(IdempotencyKey key, string answer, long at, CancellationToken cancellationToken);

    /// <summary>Adds a statement; it is executed by <see cref="CommitAsync"/> at the latest, in order.</summary>
    void Add(LogSql sql, params object?[] values);

    /// <summary>Executes what was added and commits. After it comes <see cref="Release"/>, once the producers are told.</summary>
    ValueTask CommitAsync(CancellationToken cancellationToken);

    /// <summary>Lets others write (on SQLite, after what housekeeping the commit made due). Never throws.</summary>
    void Release();

    /// <summary>Gives everything up. Never throws.</summary>
    ValueTask AbandonAsync();

    /// <summary>Whether this fault is the database's (down, full, cut off, deadlocked) and not one append's.</summary>
    bool IsUnavailable(Exception error);

    /// <summary>Whether this append is committed: asked on a new connection after a lost answer.</summary>
    ValueTask<bool> HasAppendAsync(long sessionKey, long sequence, long appendId, CancellationToken cancellationToken);

    /// <summary>The transaction is committed for certain: its states may be kept for the next batch.</summary>
    void Remember(IEnumerable<SessionState> states);

    /// <summary>The session's row was changed by someone else: read it again next time.</summary>
    void Forget(SessionId id);
}

/// <summary>A request that took effect earlier.</summary>
internal sealed record RecordedRequest(string BodyHash, string Answer);

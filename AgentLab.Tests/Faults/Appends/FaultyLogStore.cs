using AgentLab.Core.Sessions;
using AgentLab.Data.Sessions.Log;

namespace AgentLab.Tests.Faults.Appends;

/// <summary>
/// A real store in which, once armed, one statement of a transaction is replaced by one that the database refuses: all before it have been written by then.
/// </summary>
internal sealed class FaultyLogStore(ILogStore inner) : ILogStore
{
    private int _left = -1;

    /// <summary>Whether a fault is still to come.</summary>
    public bool Armed => _left >= 0;

    /// <summary>Breaks the statement with this number, from 1; the one after the last is COMMIT.</summary>
    public void Arm(int statement) => _left = statement;

    /// <summary>Breaks nothing any more.</summary>
    public void Disarm() => _left = -1;

    public ValueTask BeginAsync(CancellationToken cancellationToken) => inner.BeginAsync(cancellationToken);

    public ValueTask<Dictionary<SessionId, SessionState>> LockAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken) =>
        inner.LockAsync(ids, cancellationToken);

    public ValueTask<RecordedRequest?> FindRequestAsync(IdempotencyKey key, CancellationToken cancellationToken) => inner.FindRequestAsync(key, cancellationToken);

    public ValueTask<bool> AddRequestAsync(IdempotencyKey key, string answer, long at, CancellationToken cancellationToken) =>
        Strikes() ? throw new InjectedFaultException() : inner.AddRequestAsync(key, answer, at, cancellationToken);

    public void Add(LogSql sql, params object?[] values)
    {
        if (Strikes())
        {
            // An event of no session: the database itself refuses it.
            inner.Add(LogSql.InsertEvent, null, 1L, 1L, null, null, 0, "x", 1, 0L, Array.Empty<byte>(), Array.Empty<byte>());
            return;
        }

        inner.Add(sql, values);
    }

    public ValueTask CommitAsync(CancellationToken cancellationToken) =>
        Strikes() ? throw new InjectedFaultException() : inner.CommitAsync(cancellationToken);

    public void Release() => inner.Release();

    public ValueTask AbandonAsync() => inner.AbandonAsync();

    public bool IsUnavailable(Exception error) => inner.IsUnavailable(error);

    public ValueTask<bool> HasAppendAsync(long sessionKey, long sequence, long appendId, CancellationToken cancellationToken) =>
        inner.HasAppendAsync(sessionKey, sequence, appendId, cancellationToken);

    public void Remember(IEnumerable<SessionState> states) => inner.Remember(states);

    public void Forget(SessionId id) => inner.Forget(id);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private bool Strikes()
    {
        if (_left < 0 || --_left > 0)
        {
            return false;
        }

        _left = -1;
        return true;
    }
}

/// <summary>The fault that a test put in.</summary>
internal sealed class InjectedFaultException() : Exception("A fault that the test put in.");

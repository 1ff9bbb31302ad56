using System.Diagnostics;
using AgentLab.Core.Sessions;
using AgentLab.Data.Sessions.Log;

namespace AgentLab.Bench.Workflows;

/// <summary>The real store, with the time counted that its transactions take and that their COMMITs take of it. Used by one writer.</summary>
internal sealed class CommitClock(ILogStore store) : ILogStore
{
    private long _began;
    private long _writing;
    private long _committing;
    private long _commits;

    /// <summary>Seconds inside transactions, seconds inside COMMIT, and how many there were, since the program started.</summary>
    public (double Writing, double Committing, long Commits) Read() => (
        Seconds(Interlocked.Read(ref _writing)), Seconds(Interlocked.Read(ref _committing)), Interlocked.Read(ref _commits));

    public async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        await store.BeginAsync(cancellationToken);
        _began = Stopwatch.GetTimestamp();
    }

    public async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await store.CommitAsync(cancellationToken);
        var end = Stopwatch.GetTimestamp();
        Interlocked.Add(ref _committing, end - start);
        Interlocked.Add(ref _writing, end - _began);
        Interlocked.Increment(ref _commits);
    }

    public ValueTask<Dictionary<SessionId, SessionState>> LockAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken) =>
        store.LockAsync(ids, cancellationToken);

    public ValueTask<RecordedRequest?> FindRequestAsync(IdempotencyKey key, CancellationToken cancellationToken) => store.FindRequestAsync(key, cancellationToken);

    public ValueTask<bool> AddRequestAsync(IdempotencyKey key, string answer, long at, CancellationToken cancellationToken) =>
        store.AddRequestAsync(key, answer, at, cancellationToken);

    public void Add(LogSql sql, params object?[] values) => store.Add(sql, values);

    public void Release() => store.Release();

    public ValueTask AbandonAsync() => store.AbandonAsync();

    public bool IsUnavailable(Exception error) => store.IsUnavailable(error);

    public ValueTask<bool> HasAppendAsync(long sessionKey, long sequence, long appendId, CancellationToken cancellationToken) =>
        store.HasAppendAsync(sessionKey, sequence, appendId, cancellationToken);

    public void Remember(IEnumerable<SessionState> states) => store.Remember(states);

    public void Forget(SessionId id) => store.Forget(id);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;
}

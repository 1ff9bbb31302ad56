using System.Diagnostics;
using AgentLab.Core.Sessions;
using AgentLab.Data.Sessions.Log;

namespace AgentLab.Bench.Fanout;

/// <summary>The real store, with the moment at which each event's COMMIT returned written down: before any viewer can know of it.</summary>
internal sealed class CommitTimes(ILogStore store) : ILogStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SessionId, long> _heads = [];
    private readonly Dictionary<(SessionId Session, long Sequence), long> _times = [];
    private long _committed;

    /// <summary>When this event was committed, in ticks of the stopwatch.</summary>
    public long Of(SessionId session, long sequence)
    {
        lock (_lock)
        {
            return _times[(session, sequence)];
        }
    }

    public ValueTask BeginAsync(CancellationToken cancellationToken) => store.BeginAsync(cancellationToken);

    public ValueTask<Dictionary<SessionId, SessionState>> LockAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken) =>
        store.LockAsync(ids, cancellationToken);

    public ValueTask<RecordedRequest?> FindRequestAsync(IdempotencyKey key, CancellationToken cancellationToken) => store.FindRequestAsync(key, cancellationToken);

    public ValueTask<bool> AddRequestAsync(IdempotencyKey key, string answer, long at, CancellationToken cancellationToken) =>
        store.AddRequestAsync(key, answer, at, cancellationToken);

    public void Add(LogSql sql, params object?[] values) => store.Add(sql, values);

    public async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        await store.CommitAsync(cancellationToken);
        _committed = Stopwatch.GetTimestamp();
    }

    public void Release() => store.Release();

    public ValueTask AbandonAsync() => store.AbandonAsync();

    public bool IsUnavailable(Exception error) => store.IsUnavailable(error);

    public ValueTask<bool> HasAppendAsync(long sessionKey, long sequence, long appendId, CancellationToken cancellationToken) =>
        store.HasAppendAsync(sessionKey, sequence, appendId, cancellationToken);

    public void Remember(IEnumerable<SessionState> states)
    {
        var all = states.ToList();
        lock (_lock)
        {
            foreach (var state in all)
            {
                for (var sequence = _heads.GetValueOrDefault(state.Id) + 1; sequence <= state.Head; sequence++)
                {
                    _times[(state.Id, sequence)] = _committed;
                }

                _heads[state.Id] = state.Head;
            }
        }

        store.Remember(all);
    }

    public void Forget(SessionId id) => store.Forget(id);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}

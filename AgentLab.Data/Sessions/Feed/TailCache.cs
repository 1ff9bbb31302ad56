using System.Collections.Concurrent;
using AgentLab.Core.Approvals;
using AgentLab.Core.Hosting.Hints;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Data.Sessions.Feed;

/// <summary>
/// The tails of the sessions that are or were lately looked at. At most <see cref="MaxTails"/> are kept, the least recently used one goes first; a tail with
/// viewers is never dropped, but its memory is given back when all tails together pass <see cref="MaxBytes"/>.
/// </summary>
internal sealed class TailCache(IHints hints, IApprovalWatch approvals, TimeProvider time) : IFeedStatistics
{
    /// <summary>How many tails are kept beyond those in use.</summary>
    public const int MaxTails = 1000;

    /// <summary>Bytes of all tails together.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    private const int MaxTailBytes = 256 * 1024;

    private readonly ConcurrentDictionary<SessionId, SessionTail> _tails = new();
    private readonly Lock _lock = new();
    private long _uses;
    private int _viewers;

    /// <summary>How many cursors are open.</summary>
    public int Viewers => Volatile.Read(ref _viewers);

    /// <summary>How many sessions have a tail.</summary>
    public int Sessions => _tails.Count;

    /// <summary>The tail of a session, for one more viewer; give it back by <see cref="Leave"/>.</summary>
    public SessionTail Enter(SessionId id)
    {
        lock (_lock)
        {
            var tail = _tails.GetOrAdd(id, static (_, clock) => new SessionTail(MaxTailBytes, clock), time);
            tail.Viewers++;
            tail.LastUse = ++_uses;
            _viewers++;
            Evict();
            return tail;
        }
    }

    /// <summary>The viewer is gone.</summary>
    public void Leave(SessionTail tail)
    {
        lock (_lock)
        {
            tail.Viewers--;
            _viewers--;
        }
    }

    /// <summary>Hands committed events to whoever looks, and tells other nodes that they are there. A session that nobody looked at lately costs nothing here.</summary>
    public void Publish(SessionId id, IReadOnlyList<EncodedEvent> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        if (_tails.TryGetValue(id, out var tail))
        {
            tail.Publish(events.ToArray());
        }

        hints.Send(new Hint(HintKind.Session, id.Value, events[^1].Sequence));
        if (events.Any(e => e.Event.Data is ApprovalRequested or ApprovalDecided or RunFailed or RunCancelled or NodeFailed))
        {
            // What ends a run or a step ends its questions too.
            approvals.Changed();
        }
    }

    /// <summary>The session's tail while somebody looks at it.</summary>
    public SessionTail? Watched(SessionId id)
    {
        lock (_lock)
        {
            return _tails.TryGetValue(id, out var tail) && tail.Viewers > 0 ? tail : null;
        }
    }

    /// <summary>The sessions that somebody looks at.</summary>
    public IReadOnlyList<SessionId> WatchedIds()
    {
        lock (_lock)
        {
            return _viewers == 0 ? [] : [.. _tails.Where(t => t.Value.Viewers > 0).Select(t => t.Key)];
        }
    }

    /// <summary>The session's title or the like was changed from outside the log.</summary>
    public void Forget(SessionId id)
    {
        if (_tails.TryGetValue(id, out var tail))
        {
            tail.Forget();
        }
    }

    /// <summary>The session was deleted or changed from outside the log: its viewers must look again.</summary>
    public void Drop(SessionId id)
    {
        if (_tails.TryGetValue(id, out var tail))
        {
            tail.Trim();
        }
    }

    private void Evict()
    {
        if (_tails.Count > MaxTails)
        {
            foreach (var (id, _) in _tails.Where(t => t.Value.Viewers == 0).OrderBy(t => t.Value.LastUse).Take(_tails.Count - MaxTails).ToList())
            {
                _tails.TryRemove(id, out _);
            }
        }

        // Looking at every tail is worth it only now and then.
        if (_uses % 64 == 0 && _tails.Values.Sum(t => (long)t.Bytes) > MaxBytes)
        {
            TrimOldest();
        }
    }

    private void TrimOldest()
    {
        var total = _tails.Values.Sum(t => (long)t.Bytes);
        foreach (var tail in _tails.Values.OrderBy(t => t.LastUse).ToList())
        {
            if (total <= MaxBytes / 2)
            {
                return;
            }

            total -= tail.Bytes;
            tail.Trim();
        }
    }
}

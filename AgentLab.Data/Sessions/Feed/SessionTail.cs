using AgentLab.Core.Sessions;

namespace AgentLab.Data.Sessions.Feed;

/// <summary>
/// The newest events of one session in memory, shared by all its viewers, and the signal that there are more. Bounded in bytes; what fell out is read from
/// the database.
/// </summary>
internal sealed class SessionTail(int maxBytes, TimeProvider time)
{
    // Waiters whose time ends within this are woken together; they look at the clock themselves.
    private static readonly TimeSpan TimerGrain = TimeSpan.FromMilliseconds(5);

    private readonly Lock _lock = new();
    private EncodedEvent[] _ring = new EncodedEvent[16];
    private int _start;
    private int _count;
    private int _bytes;
    private long _head;
    private List<TailWaiter> _waiters = [];
    private EncodedEvent[] _lastRead = [];
    private ITimer? _timer;
    private long _timerDue = long.MaxValue;
    private Remembered? _summary;
    private long _forgottenAt = long.MinValue;

    /// <summary>The last committed sequence that this process knows of.</summary>
    public long Head => Volatile.Read(ref _head);

    /// <summary>Bytes held now.</summary>
    public int Bytes => Volatile.Read(ref _bytes);

    /// <summary>How many cursors look at it; guarded by the cache.</summary>
    public int Viewers { get; set; }

    /// <summary>When it was last opened, in the cache's counter; guarded by the cache.</summary>
    public long LastUse { get; set; }

    /// <summary>Adds committed events, which follow each other, and wakes the waiting cursors.</summary>
    public void Publish(IReadOnlyList<EncodedEvent> events)
    {
        List<TailWaiter> waiters;
        lock (_lock)
        {
            foreach (var e in events)
            {
                Push(e);
            }

            waiters = TakeWaiters();
        }

        Wake(waiters);
    }

    /// <summary>The head as the database has it: it never goes back.</summary>
    public void Raise(long head)
    {
        List<TailWaiter> waiters;
        lock (_lock)
        {
            if (head <= _head)
            {
                return;
            }

            // The ring has a hole before this head: it starts anew, older events come from the database.
            Clear();
            Volatile.Write(ref _head, head);
            waiters = TakeWaiters();
        }

        Wake(waiters);
    }

    /// <summary>The session as it was read within <paramref name="age"/>; null when that is longer ago or something was committed since.</summary>
    public SessionSummary? Summary(TimeSpan age) =>
        Volatile.Read(ref _summary) is { } known && known.Session.Head == Head && time.GetElapsedTime(known.ReadAt) < age ? known.Session : null;

    /// <summary>Keeps what was read, for all its viewers to share.</summary>
    /// <param name="session">The session.</param>
    /// <param name="readAt">The clock's timestamp of before the read.</param>
    public void Remember(SessionSummary session, long readAt)
    {
        lock (_lock)
        {
            if (readAt > _forgottenAt)
            {
                Volatile.Write(ref _summary, new Remembered(session, readAt));
            }
        }
    }

    /// <summary>The session was changed from outside the log: what was read of it before now does not hold.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _forgottenAt = time.GetTimestamp();
            Volatile.Write(ref _summary, null);
        }
    }

    /// <summary>
    /// Has this waiter woken by the next event or at its deadline; false, and not listed, when there is something after <paramref name="position"/> already.
    /// One timer serves all waiters: each would else hold one of its own for as long as it looks.
    /// </summary>
    public bool Enlist(TailWaiter waiter, long position)
    {
        lock (_lock)
        {
            if (_head > position)
            {
                return false;
            }

            SetTimer(waiter.Deadline);

            // A wait that ended by time or token left its entry, which serves the next one.
            if (waiter.Place < 0)
            {
                waiter.Place = _waiters.Count;
                _waiters.Add(waiter);
            }

            return true;
        }
    }

    /// <summary>The waiter will not wait again.</summary>
    public void Delist(TailWaiter waiter)
    {
        lock (_lock)
        {
            if (waiter.Place >= 0)
            {
                var last = _waiters[^1];
                (_waiters[waiter.Place], last.Place) = (last, waiter.Place);
                _waiters.RemoveAt(_waiters.Count - 1);
                waiter.Place = -1;
            }
        }
    }

    /// <summary>
    /// The events after <paramref name="position"/>, at most <paramref name="max"/>; null when the first of them is not in memory. Viewers that read the same
    /// get the same list.
    /// </summary>
    public IReadOnlyList<EncodedEvent>? Read(long position, int max)
    {
        lock (_lock)
        {
            if (position >= _head)
            {
                return [];
            }

            var first = _head - _count + 1;
            if (position + 1 < first)
            {
                return null;
            }

            var offset = (int)(position + 1 - first);
            var length = Math.Min(max, _count - offset);
            if (_lastRead.Length != length || _lastRead[0].Sequence != position + 1)
            {
                _lastRead = new EncodedEvent[length];
                for (var i = 0; i < length; i++)
                {
                    _lastRead[i] = _ring[(_start + offset + i) % _ring.Length];
                }
            }

            return _lastRead;
        }
    }

    /// <summary>Gives the memory back; viewers read from the database meanwhile.</summary>
    public void Trim()
    {
        Forget();
        lock (_lock)
        {
            Clear();
        }
    }

    private void SetTimer(long due)
    {
        if (due >= _timerDue)
        {
            return;
        }

        _timerDue = due;
        var left = time.GetElapsedTime(time.GetTimestamp(), due);
        var pause = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        if (_timer is null)
        {
            // A tail that is dropped has no waiters and so no timer that is set; the timer goes with it.
            _timer = time.CreateTimer(static tail => ((SessionTail)tail!).OnTimer(), this, pause, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(pause, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        var late = new List<TailWaiter>();
        lock (_lock)
        {
            _timerDue = long.MaxValue;
            var until = time.GetTimestamp() + (long)(TimerGrain.TotalSeconds * time.TimestampFrequency);
            var next = long.MaxValue;
            foreach (var waiter in _waiters)
            {
                if (!waiter.IsArmed)
                {
                    continue;
                }

                if (waiter.Deadline <= until)
                {
                    late.Add(waiter);
                }
                else
                {
                    next = Math.Min(next, waiter.Deadline);
                }
            }

            if (next < long.MaxValue)
            {
                SetTimer(next);
            }
        }

        Wake(late);
    }

    private static void Wake(List<TailWaiter> waiters)
    {
        foreach (var waiter in waiters)
        {
            waiter.Wake();
        }
    }

    private List<TailWaiter> TakeWaiters()
    {
        var taken = _waiters;
        _waiters = new List<TailWaiter>(taken.Count);
        foreach (var waiter in taken)
        {
            waiter.Place = -1;
        }

        return taken;
    }

    private void Push(EncodedEvent e)
    {
        if (e.Sequence <= _head)
        {
            // A viewer read the new head from the database before this was published.
            return;
        }

        if (e.Sequence != _head + 1)
        {
            Clear();
        }

        if (_count == _ring.Length)
        {
            Grow();
        }

        _ring[(_start + _count) % _ring.Length] = e;
        _count++;
        Volatile.Write(ref _bytes, _bytes + e.Weight);
        Volatile.Write(ref _head, e.Sequence);
        while (_bytes > maxBytes && _count > 1)
        {
            Volatile.Write(ref _bytes, _bytes - _ring[_start].Weight);
            _ring[_start] = null!;
            _start = (_start + 1) % _ring.Length;
            _count--;
        }
    }

    private void Grow()
    {
        var larger = new EncodedEvent[_ring.Length * 2];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = _ring[(_start + i) % _ring.Length];
        }

        (_ring, _start) = (larger, 0);
    }

    private void Clear()
    {
        Array.Clear(_ring);
        _lastRead = [];
        (_start, _count) = (0, 0);
        Volatile.Write(ref _bytes, 0);
    }

    private sealed record Remembered(SessionSummary Session, long ReadAt);
}

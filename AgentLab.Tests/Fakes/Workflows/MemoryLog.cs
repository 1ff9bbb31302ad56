using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Tests.Fakes.Workflows;

/// <summary>One session's log in memory, in the bytes that a store would keep; it can be cut off anywhere, as a crash does.</summary>
internal sealed class MemoryLog : ISessionLog, ISessionReader
{
    private readonly Lock _lock = new();
    private readonly List<SessionEvent> _events = [];
    private readonly Dictionary<string, Blob> _blobs = [];

    /// <summary>Told the number of events after each append, before its writer goes on.</summary>
    public Action<int> Appended { get; set; } = _ => { };

    public IReadOnlyList<SessionEvent> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>The same log as it was after its first events.</summary>
    public MemoryLog Cut(int events)
    {
        var cut = new MemoryLog();
        lock (_lock)
        {
            cut._events.AddRange(_events.Take(events).Select(e => new SessionEvent(e.Sequence, e.RunId, e.StepId, e.Attempt, e.Type, e.V, e.At, e.Json)));
            foreach (var (hash, blob) in _blobs)
            {
                cut._blobs[hash] = blob;
            }
        }

        return cut;
    }

    /// <summary>Ends the oldest wait of a parked run, as the process does that finds its time or its request.</summary>
    public void Wake()
    {
        var events = Events;
        var ended = events.Where(e => e.Data is NodeResumed or NodeCompleted or NodeFailed).ToLookup(e => e.StepId, e => e.Sequence);
        var waits = events.First(e => e.Data is NodeWaiting && !ended[e.StepId].Any(sequence => sequence > e.Sequence));
        var run = waits.RunId!.Value;
        var woken = new SessionAppend(SessionId.Parse("s"), [new(new RunResumed("woken", "test", 3), run), new(new NodeResumed("delivered"), run, waits.StepId, waits.Attempt)]);
        AppendAsync(woken, CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }

    public async ValueTask<AppendOutcome> AppendAsync(SessionAppend append, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var outcome = Append(append);
        Appended(Events.Count);
        return outcome;
    }

    private AppendOutcome Append(SessionAppend append)
    {
        lock (_lock)
        {
            var first = _events.Count + 1;
            foreach (var e in append.Events)
            {
                var kind = EventCatalog.Of(e.Data);
                _events.Add(new SessionEvent(_events.Count + 1, e.RunId, e.StepId, e.Attempt, kind.Type, kind.Version, DateTimeOffset.UnixEpoch, EventCatalog.Encode(e.Data)));
            }

            foreach (var blob in append.Blobs)
            {
                _blobs[blob.Hash] = blob;
            }

            return AppendOutcome.Appended(new AppendReceipt(append.SessionId, null, first, _events.Count));
        }
    }

    public ValueTask<IReadOnlyList<SessionEvent>> ReadAsync(
        SessionId id, long after, long through, int max, IReadOnlyCollection<string>? types, bool descending, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<SessionEvent>>([.. Events.Where(e => e.Sequence > after).Take(max)]);

    public ValueTask<Blob?> BlobAsync(SessionId id, string hash, CancellationToken cancellationToken) => ValueTask.FromResult(_blobs.GetValueOrDefault(hash));

    public ValueTask<SessionSummary?> FindAsync(SessionId id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<Page<SessionSummary>> ListAsync(SessionQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<ArtifactSummary>> ArtifactsAsync(SessionId id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<Page<ArtifactSummary>> ArtifactsAsync(SessionId id, long after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<AppendOutcome?> FindRequestAsync(IdempotencyKey key, CancellationToken cancellationToken) => throw new NotSupportedException();
}

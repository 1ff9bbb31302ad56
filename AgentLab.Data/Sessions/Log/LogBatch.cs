using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Data.Sessions.Log;

/// <summary>
/// One group commit: the appends that waited, written as one transaction. Guards are looked at under the sessions' locks and refuse single appends; they
/// never break the transaction.
/// </summary>
internal sealed class LogBatch(ILogStore store, SessionProjection projection, KeyAllocator sessionKeys, IReadOnlyList<PendingAppend> appends, long now)
{
    /// <summary>
    /// While events change nothing else that lists show (parts of an answer, steps of a workflow), the row's time is written once in these microseconds: it stands in two indexes, which
    /// would otherwise be rewritten with each of them (two of five pages of a commit on SQLite; no in-page updates on PostgreSQL).
    /// </summary>
    private const long StreamedTouch = 1_000_000;

    private readonly AppendOutcome?[] _outcomes = new AppendOutcome?[appends.Count];
    private readonly DateTimeOffset _at = Databases.UtcMicroseconds.ToTime(now);
    private Dictionary<SessionId, SessionState> _sessions = [];

    /// <summary>An append of this batch that can be looked up after a lost COMMIT: its session's key, last sequence and id.</summary>
    public (long SessionKey, long Sequence, long AppendId)? Witness { get; private set; }

    /// <summary>The sessions as they are after the commit.</summary>
    public IReadOnlyCollection<SessionState> Sessions => _sessions.Values;

    /// <summary>Puts the whole batch into the open transaction, up to its commit.</summary>
    public async ValueTask WriteAsync(CancellationToken cancellationToken)
    {
        await ReplayAsync(cancellationToken);
        var ids = new SortedSet<SessionId>(Comparer<SessionId>.Create(static (a, b) => string.CompareOrdinal(a.Value, b.Value)));
        for (var i = 0; i < appends.Count; i++)
        {
            if (_outcomes[i] is null && appends[i].Append.Create is null)
            {
                ids.Add(appends[i].Append.SessionId);
            }
        }

        _sessions = await store.LockAsync([.. ids], cancellationToken);
        for (var i = 0; i < appends.Count; i++)
        {
            _outcomes[i] ??= await AppendAsync(appends[i], cancellationToken);
        }

        foreach (var session in _sessions.Values)
        {
            WriteBack(session);
        }
    }

    /// <summary>Tells each producer what became of its append. Only after the commit.</summary>
    public void Complete()
    {
        for (var i = 0; i < appends.Count; i++)
        {
            appends[i].Complete(_outcomes[i]!);
        }
    }

    private async ValueTask ReplayAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < appends.Count; i++)
        {
            if (appends[i].Append.Idempotency is { } key)
            {
                _outcomes[i] = await FindAsync(key, cancellationToken);
            }
        }
    }

    private async ValueTask<AppendOutcome?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        var recorded = await store.FindRequestAsync(key, cancellationToken);
        return recorded is null ? null : ReceiptJson.Outcome(recorded, key);
    }

    private async ValueTask<AppendOutcome> AppendAsync(PendingAppend pending, CancellationToken cancellationToken)
    {
        var append = pending.Append;
        var session = append.Create is { } create ? NewState(append.SessionId, create) : _sessions.GetValueOrDefault(append.SessionId);
        if (session is null || Refuse(append, session) is not null)
        {
            // The same request may have landed on another node, or earlier in this batch, between the look-up and the lock.
            return (append.Idempotency is { } key ? await FindAsync(key, cancellationToken) : null)
                ?? AppendOutcome.Refused(session is null ? AppendRefusal.SessionNotFound : Refuse(append, session)!.Value);
        }

        var run = append.Events.FirstOrDefault(e => e.Data is RunStarted)?.RunId;
        var receipt = new AppendReceipt(append.SessionId, run, session.Head + 1, session.Head + append.Events.Count);
        if (append.Idempotency is { } request && !await store.AddRequestAsync(request, ReceiptJson.Write(receipt), now, cancellationToken))
        {
            return (await FindAsync(request, cancellationToken))!;
        }

        Write(pending, session);
        return AppendOutcome.Appended(receipt);
    }

    private static AppendRefusal? Refuse(SessionAppend append, SessionState session)
    {
        if (append.Fence is { } fence && (session.ActiveRunId != fence.RunId.Value || session.ActiveFence != fence.Number))
        {
            return AppendRefusal.StaleFence;
        }

        if (append.ExpectedHead is { } head && session.Head != head)
        {
            return AppendRefusal.HeadMoved;
        }

        if (append.RequireNoActiveRun && session.ActiveRunId is not null)
        {
            return AppendRefusal.RunActive;
        }

        return append.RequireActiveRun is { } run && session.ActiveRunId != run.Value ? AppendRefusal.RunNotActive : null;
    }

    private SessionState NewState(SessionId id, NewSession create) => new()
    {
        Key = sessionKeys.Next(),
        Id = id,
        OwnerId = create.OwnerId,
        ProjectId = create.ProjectId,
        IsNew = true,
    };

    private void Write(PendingAppend pending, SessionState session)
    {
        var append = pending.Append;
        var shown = session.Shown;
        if (session.IsNew)
        {
            session.IsNew = false;
            _sessions.Add(session.Id, session);
            AddSessionRow(session, append);
        }

        foreach (var blob in append.Blobs.OrderBy(b => b.Hash, StringComparer.Ordinal))
        {
            store.Add(LogSql.InsertBlob, blob.Hash, (long)blob.Content.Length, blob.ContentType, blob.Content.ToArray(), now);
            store.Add(LogSql.InsertSessionBlob, session.Key, blob.Hash);
        }

        foreach (var hash in append.BlobReferences.Order(StringComparer.Ordinal))
        {
            store.Add(LogSql.InsertSessionBlob, session.Key, hash);
        }

        for (var i = 0; i < append.Events.Count; i++)
        {
            WriteEvent(session, append.Events[i], pending.Data[i], pending.Id);
        }

        if (now - session.UpdatedAt >= StreamedTouch || session.Shown != shown)
        {
            (session.UpdatedAt, session.Touched) = (now, true);
        }

        Witness ??= (session.Key, session.Head, pending.Id);
    }

    private void WriteEvent(SessionState session, NewEvent e, byte[] data, long appendId)
    {
        var kind = EventCatalog.Of(e.Data);
        var encoded = new EncodedEvent(new SessionEvent(session.Head + 1, e.RunId, e.StepId, e.Attempt, kind.Type, kind.Version, _at, data));
        session.Head++;
        session.HeadHash = HashChain.Next(session.HeadHash, encoded.Json.Span);
        session.Written.Add(encoded);
        store.Add(
            LogSql.InsertEvent, session.Key, session.Head, appendId, e.RunId?.Value, e.StepId, e.Attempt, kind.Type, kind.Version, now, data, session.HeadHash);
        projection.Apply(session, session.Head, e.RunId, e.StepId, e.Attempt, e.Data, now);
    }

    /// <summary>The row must stand before its events refer to it; what the batch changes in it comes with <see cref="WriteBack"/>.</summary>
    private void AddSessionRow(SessionState session, SessionAppend append)
    {
        var created = append.Events[0].Data as SessionCreated
            ?? throw new ArgumentException("The first event of a new session is session.created.", nameof(append));
        store.Add(
            LogSql.InsertSession, session.Key, session.Id.Value, session.OwnerId, session.ProjectId, created.AgentId, created.AgentVersion, created.AgentName,
            created.Workflow?.Id, created.Workflow?.Version, created.Workflow?.Name, created.Title, created.Title.ToUpperInvariant(), (int)SessionStatus.Idle, null, 0L, HashChain.Start, 0, 0L, 0L, 0L, now, now);
    }

    private void WriteBack(SessionState s)
    {
        projection.Flush(s);
        if (s.Touched)
        {
            s.Touched = false;
            store.Add(
                LogSql.UpdateSession, s.Key, (int)s.Status, s.ActiveRunId, s.Head, s.HeadHash, s.Messages, s.InputTokens, s.OutputTokens, s.CostNanos, s.UpdatedAt,
                s.ActiveFence);
        }
        else if (s.Written.Count > 0)
        {
            store.Add(LogSql.UpdateHead, s.Key, s.Head, s.HeadHash);
        }
    }
}

/// <summary>The stored answer of a recorded request.</summary>
internal static class ReceiptJson
{
    public static string Write(AppendReceipt receipt) =>
        JsonSerializer.Serialize(new Stored(receipt.SessionId.Value, receipt.RunId?.Value, receipt.First, receipt.Last));

    public static AppendReceipt Read(string json)
    {
        var stored = JsonSerializer.Deserialize<Stored>(json)!;
        return new AppendReceipt(SessionId.Parse(stored.Session), stored.Run is { } run ? new RunId(run) : null, stored.First, stored.Last);
    }

    /// <summary>What the same key means now: the first answer again, or a refusal when something else was asked under it.</summary>
    public static AppendOutcome Outcome(RecordedRequest recorded, IdempotencyKey key) => recorded.BodyHash == key.BodyHash
        ? AppendOutcome.Replayed(Read(recorded.Answer))
        : AppendOutcome.Refused(AppendRefusal.KeyReused);

    private sealed record Stored(string Session, Guid? Run, long First, long Last);
}

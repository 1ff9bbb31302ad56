namespace AgentLab.Core.Sessions;

/// <summary>Reads sessions. It asks nobody for permission: callers decide with <see cref="ISessionViewer"/> or by the query's owner.</summary>
public interface ISessionReader
{
    /// <summary>The session, or null when there is none (or it was deleted).</summary>
    ValueTask<SessionSummary?> FindAsync(SessionId id, CancellationToken cancellationToken);

    /// <summary>One page, most recently changed first.</summary>
    /// <exception cref="FormatException">The cursor is not one of ours.</exception>
    ValueTask<Page<SessionSummary>> ListAsync(SessionQuery query, CancellationToken cancellationToken);

    /// <summary>Committed events with sequences in (<paramref name="after"/>, <paramref name="through"/>], ascending, at most <paramref name="max"/>.</summary>
    /// <param name="id">The session.</param>
    /// <param name="after">Exclusive lower bound; 0 for the start.</param>
    /// <param name="through">Inclusive upper bound; <see cref="long.MaxValue"/> for the head.</param>
    /// <param name="max">How many.</param>
    /// <param name="types">Only these types; null for all.</param>
    /// <param name="descending">The newest <paramref name="max"/> of the range first instead.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    ValueTask<IReadOnlyList<SessionEvent>> ReadAsync(
        SessionId id, long after, long through, int max, IReadOnlyCollection<string>? types, bool descending, CancellationToken cancellationToken);

    /// <summary>The session's artifacts, oldest first.</summary>
    ValueTask<IReadOnlyList<ArtifactSummary>> ArtifactsAsync(SessionId id, CancellationToken cancellationToken);

    /// <summary>Those artifacts whose event comes after the sequence <paramref name="after"/>, oldest first, <paramref name="limit"/> (1 to 100) at a time.</summary>
    ValueTask<Page<ArtifactSummary>> ArtifactsAsync(SessionId id, long after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// The blob that an event of this session refers to, or null. A hash alone opens nothing: it must stand in one of the session's events.
    /// </summary>
    ValueTask<Blob?> BlobAsync(SessionId id, string hash, CancellationToken cancellationToken);

    /// <summary>
    /// What became of an earlier request under this key: <see cref="AppendStatus.Replayed"/> with its receipt, <see cref="AppendRefusal.KeyReused"/> when it
    /// asked for something else, null when there was none.
    /// </summary>
    ValueTask<AppendOutcome?> FindRequestAsync(IdempotencyKey key, CancellationToken cancellationToken);
}

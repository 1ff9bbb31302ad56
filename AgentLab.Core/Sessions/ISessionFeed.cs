namespace AgentLab.Core.Sessions;

/// <summary>Opens cursors over sessions. All viewers (pages, hub, server-sent events, the command line) read through one.</summary>
public interface ISessionFeed
{
    /// <summary>The epoch of the store: positions of another one do not exist here.</summary>
    string Epoch { get; }

    /// <summary>
    /// Opens a cursor that stands just behind <see cref="SessionPosition.Sequence"/>. Snapshot and tail are one: what the cursor reports as
    /// <see cref="ISessionCursor.Head"/> at opening and what it delivers later join without a gap.
    /// </summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="position">Where to start; <see cref="SessionPosition.Start"/> for everything.</param>
    /// <param name="viewer">Who looks; asked again at least every 30 s while the cursor is in use.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <returns>The cursor; or null when there is no such session or the viewer may not see it, which read the same.</returns>
    ValueTask<ISessionCursor?> OpenAsync(SessionId sessionId, SessionPosition position, ISessionViewer viewer, CancellationToken cancellationToken);
}

/// <summary>A position in a session's log.</summary>
/// <param name="Epoch">The epoch of the store as the client last heard it; null when it has none yet.</param>
/// <param name="Sequence">The last sequence that the client has; 0 for none.</param>
public readonly record struct SessionPosition(string? Epoch, long Sequence)
{
    /// <summary>Before the first event, whatever the epoch.</summary>
    public static SessionPosition Start => default;

    /// <summary>After this sequence, whatever the epoch: for viewers in the process, which cannot outlive it.</summary>
    public static SessionPosition After(long sequence) => new(null, sequence);
}

/// <summary>Who looks at a session.</summary>
public interface ISessionViewer
{
    /// <summary>Whether this viewer may (still) see sessions of that owner: false once signed out, disabled or without the right.</summary>
    ValueTask<bool> MayReadAsync(SessionSummary session, CancellationToken cancellationToken);
}

/// <summary>
/// A position that moves forward over one session. It pulls: it holds no queue, so that a viewer that does not read costs nothing and loses nothing.
/// Not safe for concurrent use.
/// </summary>
public interface ISessionCursor : IDisposable
{
    /// <summary>The session as it was at opening.</summary>
    SessionSummary Session { get; }

    /// <summary>The epoch of the store.</summary>
    string Epoch { get; }

    /// <summary>
    /// True when the position asked for does not exist here (unknown epoch, or beyond the head): the viewer must discard what it has and start at 0,
    /// where the cursor stands now. Never a partial replay.
    /// </summary>
    bool MustResync { get; }

    /// <summary>The sequence of the last event delivered.</summary>
    long Position { get; }

    /// <summary>The last committed sequence as far as this process knows.</summary>
    long Head { get; }

    /// <summary>
    /// The next committed events after <see cref="Position"/>, in order and without gaps, at most <paramref name="max"/>; empty when there is none yet.
    /// Moves the position behind them.
    /// </summary>
    /// <exception cref="SessionAccessEndedException">The viewer may no longer see the session.</exception>
    ValueTask<IReadOnlyList<EncodedEvent>> ReadAsync(int max, CancellationToken cancellationToken);

    /// <summary>
    /// Completes as true when there is something after <see cref="Position"/>, as false after <paramref name="timeout"/>.
    /// </summary>
    ValueTask<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Ends the present wait and each later one at once. May be called from any thread.</summary>
    void Interrupt();
}

/// <summary>The viewer's right to see the session ended while it was looking (sign-out, revocation, deletion).</summary>
public sealed class SessionAccessEndedException() : Exception("The right to see this session has ended.");

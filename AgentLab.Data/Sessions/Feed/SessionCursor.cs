using System.Runtime.CompilerServices;
using AgentLab.Core.Sessions;

namespace AgentLab.Data.Sessions.Feed;

/// <summary>A viewer's place in a session: the tail while it keeps up, the database while it is behind.</summary>
internal sealed class SessionCursor(
    SessionSummary session, SessionTail tail, TailCache tails, ISessionReader reader, ISessionViewer viewer, TimeProvider time) : ISessionCursor
{
    /// <summary>How often the viewer's right is asked for again.</summary>
    private static readonly TimeSpan RecheckEvery = TimeSpan.FromSeconds(25);

    private readonly TailWaiter _waiter = new(tail, time);
    private long _checkedAt = time.GetTimestamp();
    private bool _disposed;
    private volatile bool _interrupted;

    /// <inheritdoc />
    public SessionSummary Session => session;

    /// <inheritdoc />
    public required string Epoch { get; init; }

    /// <inheritdoc />
    public required bool MustResync { get; init; }

    /// <inheritdoc />
    public required long Position { get; set; }

    /// <inheritdoc />
    public long Head => tail.Head;

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<EncodedEvent>> ReadAsync(int max, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await RecheckAsync(cancellationToken);
        if (tail.Read(Position, max) is not { } events)
        {
            events = await FromDatabaseAsync(max, cancellationToken);
            if (events.Count == 0)
            {
                // The tail knows of more: the session was taken away, and whoever reads on would read nothing again and again.
                await CheckAsync(cancellationToken);
            }
        }

        if (events.Count > 0)
        {
            Position = events[^1].Sequence;
        }

        return events;
    }

    /// <inheritdoc />
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var start = time.GetTimestamp();
        while (tail.Head <= Position && !_interrupted)
        {
            var left = timeout - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            await RecheckAsync(cancellationToken);
            await _waiter.WaitAsync(Position, left < RecheckEvery ? left : RecheckEvery, cancellationToken);
        }

        return tail.Head > Position;
    }

    /// <inheritdoc />
    public void Interrupt()
    {
        _interrupted = true;
        _waiter.Wake();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _waiter.Dispose();
            tails.Leave(tail);
        }
    }

    private async ValueTask RecheckAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_checkedAt) >= RecheckEvery)
        {
            await CheckAsync(cancellationToken);
        }
    }

    private async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        _checkedAt = time.GetTimestamp();
        if (await reader.FindAsync(session.Id, cancellationToken) is not { } now || !await viewer.MayReadAsync(now, cancellationToken))
        {
            throw new SessionAccessEndedException();
        }
    }

    private async ValueTask<IReadOnlyList<EncodedEvent>> FromDatabaseAsync(int max, CancellationToken cancellationToken)
    {
        var events = await reader.ReadAsync(session.Id, Position, tail.Head, max, null, descending: false, cancellationToken);
        var encoded = new EncodedEvent[events.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            encoded[i] = new EncodedEvent(events[i]);
        }

        return encoded;
    }
}

using AgentLab.Core.Sessions;
using AgentLab.Data.Databases;

namespace AgentLab.Data.Sessions.Feed;

/// <summary>Opens cursors: registers with the session's tail first and reads the snapshot second, so that nothing falls between the two.</summary>
internal sealed class SessionFeed(TailCache tails, ISessionReader reader, IEpoch epoch, TimeProvider time) : ISessionFeed
{
    /// <summary>How old what is known of a session may be when it is opened once more: many who come back at once ask the database once.</summary>
    private static readonly TimeSpan SummaryAge = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    public string Epoch => epoch.Current;

    /// <inheritdoc />
    public async ValueTask<ISessionCursor?> OpenAsync(
        SessionId sessionId, SessionPosition position, ISessionViewer viewer, CancellationToken cancellationToken)
    {
        var tail = tails.Enter(sessionId);
        try
        {
            var session = await FindAsync(sessionId, tail, position, cancellationToken);
            if (session is null || !await viewer.MayReadAsync(session, cancellationToken))
            {
                tails.Leave(tail);
                return null;
            }

            tail.Raise(session.Head);
            var resync = (position.Epoch is { } known && known != epoch.Current) || position.Sequence > tail.Head || position.Sequence < 0;
            return new SessionCursor(session, tail, tails, reader, viewer, time)
            {
                Epoch = epoch.Current,
                MustResync = resync,
                Position = resync ? 0 : position.Sequence,
            };
        }
        catch
        {
            tails.Leave(tail);
            throw;
        }
    }

    private async ValueTask<SessionSummary?> FindAsync(SessionId id, SessionTail tail, SessionPosition position, CancellationToken cancellationToken)
    {
        // A position beyond what this process knows may come from a commit that it has not heard of yet: only the database tells.
        if (position.Sequence <= tail.Head && tail.Summary(SummaryAge) is { } known)
        {
            return known;
        }

        var readAt = time.GetTimestamp();
        var session = await reader.FindAsync(id, cancellationToken);
        if (session is not null)
        {
            tail.Remember(session, readAt);
        }

        return session;
    }
}

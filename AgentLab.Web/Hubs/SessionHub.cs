using System.Runtime.CompilerServices;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Web.Features.Account.Authentication;
using AgentLab.Web.Features.Sessions.Streams;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Hubs;

/// <summary>
/// The streams of sessions for clients outside the browser's pages. Errors are hub exceptions whose message begins with a stable code:
/// <c>invalid_session_id</c>, <c>invalid_position</c>, <c>not_signed_in</c>, <c>not_found</c>, <c>too_many_streams</c>, <c>access_ended</c>.
/// </summary>
[Authorize]
internal sealed partial class SessionHub(
    ISessionFeed feed, ISignInSessions signIns, StreamPlaces places, IOptions<StreamOptions> options, TimeProvider time, ILogger<SessionHub> logger) : Hub
{
    /// <summary>Answers at once with the server's time: a sign that the connection works both ways.</summary>
    public Pong Ping() => new(time.GetUtcNow());

    /// <summary>The session's frames: <c>open</c> at once, then <c>events</c> as they are committed, and a <c>heartbeat</c> in each period.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="after">The last sequence that the client has; 0 for none.</param>
    /// <param name="epoch">The epoch that the client heard last; null for none.</param>
    /// <param name="cancellationToken">The client ended the stream or is gone.</param>
    public async IAsyncEnumerable<SessionFrame> Stream(
        string sessionId, long after, string? epoch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var actor = await ActorAsync(cancellationToken);
        using var place = places.TryEnter(actor.UserId) ?? throw Refused("too_many_streams", $"At most {places.PerUser} streams may be open at once; close one first.");
        using var cursor = await OpenAsync(sessionId, after, epoch, actor, cancellationToken);
        await using var frames = SessionFrames.ReadAsync(cursor, options.Value.Heartbeat, time, cancellationToken).GetAsyncEnumerator(cancellationToken);
        long? pendingSince = null;
        try
        {
            while (await NextAsync(frames))
            {
                pendingSince = time.GetTimestamp();
                yield return frames.Current;
                pendingSince = null;
            }
        }
        finally
        {
            // The transport gives up a write that stays pending for the write timeout and ends the connection. It began to wait somewhat before the
            // stream did, whose frames go through a small buffer; the reason belongs in the log.
            if (pendingSince is { } since && time.GetElapsedTime(since) is var pending && pending >= options.Value.WriteTimeout / 2)
            {
                LogStalled(sessionId, cursor.Position, pending.TotalSeconds);
            }
        }
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<SessionFrame> frames)
    {
        try
        {
            return await frames.MoveNextAsync();
        }
        catch (SessionAccessEndedException)
        {
            throw Refused("access_ended", "The right to see this session has ended.");
        }
    }

    private static HubException Refused(string code, string message) => new($"{code}: {message}");

    // The connection may be older than the sign-in: what holds now counts.
    private async ValueTask<Actor> ActorAsync(CancellationToken cancellationToken) =>
        Context.User?.GetSignInSession() is { } id && await signIns.FindAsync(id, cancellationToken) is { } person
            ? person.ToActor()
            : throw Refused("not_signed_in", "The sign-in has ended.");

    private async ValueTask<ISessionCursor> OpenAsync(string sessionId, long after, string? epoch, Actor actor, CancellationToken cancellationToken)
    {
        if (!SessionId.TryParse(sessionId, null, out var id))
        {
            throw Refused("invalid_session_id", "A session id is 1 to 100 of a-z, A-Z, 0-9, - and _.");
        }

        if (after < 0)
        {
            throw Refused("invalid_position", "The position is 0 or the last sequence that you have.");
        }

        var viewer = new SignedInViewer(signIns, actor.SignInSession!.Value);
        return await feed.OpenAsync(id, new SessionPosition(epoch, after), viewer, cancellationToken)
            ?? throw Refused("not_found", "There is no such session, or you may not see it.");
    }
}

/// <summary>The answer to a ping.</summary>
/// <param name="At">The server's time.</param>
internal sealed record Pong(DateTimeOffset At);

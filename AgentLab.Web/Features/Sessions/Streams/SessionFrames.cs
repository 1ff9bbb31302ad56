using System.Runtime.CompilerServices;
using AgentLab.Core.Sessions;

namespace AgentLab.Web.Features.Sessions.Streams;

/// <summary>Turns a cursor into frames, one at a time as the viewer takes them: nothing is read ahead, so that a slow viewer holds one frame.</summary>
internal static class SessionFrames
{
    /// <summary>How many events are read at once.</summary>
    public const int MaxEvents = 256;

    /// <summary>
    /// Bytes after which a frame ends; a single larger event still makes one frame. Small enough that a line that breaks all the time still gets ahead,
    /// frame by frame, and that a viewer that stalls holds little.
    /// </summary>
    private const int MaxBytes = 16 * 1024;

    /// <summary>The opening frame, then events as they are committed and a heartbeat in each period, until cancelled.</summary>
    /// <exception cref="SessionAccessEndedException">The viewer may no longer see the session.</exception>
    public static async IAsyncEnumerable<SessionFrame> ReadAsync(
        ISessionCursor cursor, TimeSpan heartbeat, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return SessionFrame.Open(cursor);
        var beatAt = time.GetTimestamp();
        while (true)
        {
            var events = await cursor.ReadAsync(MaxEvents, cancellationToken);
            for (var sent = 0; sent < events.Count;)
            {
                var frame = Cut(events, sent);
                sent += frame.Count;
                yield return SessionFrame.Of(frame);
            }

            var left = heartbeat - time.GetElapsedTime(beatAt);
            if (left <= TimeSpan.Zero)
            {
                yield return SessionFrame.Heartbeat(cursor.Head);
                beatAt = time.GetTimestamp();
                left = heartbeat;
            }

            if (events.Count < MaxEvents)
            {
                // What was sent need not be held while nothing comes.
                events = [];
                await cursor.WaitAsync(left, cancellationToken);
            }
        }
    }

    /// <summary>The events from <paramref name="from"/> on that make one frame.</summary>
    public static ArraySegment<EncodedEvent> Cut(IReadOnlyList<EncodedEvent> events, int from)
    {
        var array = events as EncodedEvent[] ?? [.. events];
        var bytes = 0;
        var to = from;
        while (to < array.Length && (to == from || bytes + array[to].Json.Length <= MaxBytes))
        {
            bytes += array[to].Json.Length;
            to++;
        }

        return new ArraySegment<EncodedEvent>(array, from, to - from);
    }
}

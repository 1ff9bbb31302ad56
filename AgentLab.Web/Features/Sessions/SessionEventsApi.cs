using AgentLab.Core;
using System.Globalization;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Features.Sessions.Streams;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentLab.Web.Features.Sessions;

/// <summary><c>/api/v1/sessions/{id}/events</c>: a stream of server-sent events, or a page of JSON.</summary>
internal static class SessionEventsApi
{
    private const int MaxPage = 500;
    private const int UsualPage = 100;
    private const string EventStream = "text/event-stream";

    public static void MapSessionEventsApi(this RouteGroupBuilder session)
    {
        session.MapGet("/events", GetAsync).WithName("ReadEvents")
            .Produces<EventPage>()
            .Produces<string>(StatusCodes.Status200OK, EventStream)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
    }

    /// <summary>Reads or follows a session's events</summary>
    /// <remarks>
    /// With <c>Accept: text/event-stream</c> a stream that does not end: first <c>event: open</c> with epoch, head, status and resync, then the events
    /// (<c>id:</c> is the sequence) as they are committed, and <c>event: heartbeat</c> every 15 s. <c>Last-Event-ID</c> wins over <c>after</c>.
    /// Otherwise one page of JSON. A position that does not exist (unknown epoch, or beyond the head) is answered with <c>resync</c> and everything from 1.
    /// </remarks>
    /// <param name="id">The session.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="feed">Opens cursors.</param>
    /// <param name="reader">Reads sessions.</param>
    /// <param name="signIns">Knows whether the sign-in holds.</param>
    /// <param name="places">Counts open streams.</param>
    /// <param name="request">The request.</param>
    /// <param name="after">The last sequence that you have. Default: 0, everything.</param>
    /// <param name="epoch">The epoch that you heard last.</param>
    /// <param name="limit">Page only: how many, 1 to 500. Default: 100.</param>
    /// <param name="types">Page only: these types alone, separated by commas, for example <c>message.user,model.completed</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<IResult> GetAsync(
        string id, Caller caller, ISessionFeed feed, ISessionReader reader, ISignInSessions signIns, StreamPlaces places, HttpRequest request,
        long? after, string? epoch, int? limit, string? types, CancellationToken cancellationToken)
    {
        var streams = WantsStream(request);
        var checks = new RequestChecks();
        var position = new SessionPosition(string.IsNullOrEmpty(epoch) ? null : epoch, PositionOf(request, after, streams, checks));
        var max = streams ? UsualPage : checks.Limit(limit, MaxPage, UsualPage);
        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        var place = streams ? places.TryEnter(caller.Actor.UserId) : null;
        if (streams && place is null)
        {
            return ErrorTable.Problem(ErrorCodes.TooManyStreams, $"At most {places.PerUser} streams may be open at once; close one first.");
        }

        var cursor = await OpenAsync(id, feed, position, caller.Viewer(signIns), place, cancellationToken);
        if (cursor is null)
        {
            return ErrorTable.Problem([LabError.NotFound("session")]);
        }

        return place is not null ? new EventStreamResult(cursor, place) : await PageAsync(cursor, reader, max, types, cancellationToken);
    }

    private static async ValueTask<ISessionCursor?> OpenAsync(
        string id, ISessionFeed feed, SessionPosition position, ISessionViewer viewer, IDisposable? place, CancellationToken cancellationToken)
    {
        ISessionCursor? cursor = null;
        try
        {
            return cursor = await feed.OpenAsync(SessionId.Parse(id), position, viewer, cancellationToken);
        }
        finally
        {
            if (cursor is null)
            {
                place?.Dispose();
            }
        }
    }

    private static bool WantsStream(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains(EventStream, StringComparison.OrdinalIgnoreCase);

    // A browser reconnects with its old address and the last id in this header, so the header is the newer of the two.
    private static long PositionOf(HttpRequest request, long? after, bool streams, RequestChecks checks)
    {
        var (field, value) = ("after", after ?? 0);
        if (streams && request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last)
        {
            (field, value) = ("Last-Event-ID", long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1);
        }

        if (value < 0)
        {
            checks.Add(field, "A position is 0 or the last sequence that you have.");
        }

        return value;
    }

    private static async Task<Ok<EventPage>> PageAsync(ISessionCursor cursor, ISessionReader reader, int max, string? types, CancellationToken cancellationToken)
    {
        using var opened = cursor;
        var head = cursor.Head;
        var from = cursor.Position;
        // Types that no event has find nothing; leaving them out bounds the query by the catalog.
        var named = types?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        var wanted = named.Length > EventCatalog.All.Count ? [.. named.Distinct().Where(t => EventCatalog.Find(t) is not null).DefaultIfEmpty(named[0])] : named;
        IReadOnlyList<EncodedEvent> events = wanted.Length == 0
            ? await cursor.ReadAsync(max, cancellationToken)
            : [.. (await reader.ReadAsync(cursor.Session.Id, from, head, max, wanted, descending: false, cancellationToken)).Select(e => new EncodedEvent(e))];
        var last = events.Count > 0 ? events[^1].Sequence : from;
        return TypedResults.Ok(new EventPage
        {
            Events = events,
            Head = Math.Max(head, last),
            Epoch = cursor.Epoch,
            // A filtered page that is not full has seen everything up to the head.
            NextAfter = wanted.Length > 0 && events.Count < max ? Math.Max(head, last) : last,
            Status = cursor.Session.Status,
            Resync = cursor.MustResync,
        });
    }
}

using System.Text.Json.Serialization;
using AgentLab.Core.Sessions;

namespace AgentLab.Web.Features.Sessions.Streams;

/// <summary>What one frame of a stream is.</summary>
internal enum FrameKind
{
    /// <summary>The first: where the session stands.</summary>
    Open,

    /// <summary>One or more committed events, in order and without gaps.</summary>
    Events,

    /// <summary>A sign of life with the head.</summary>
    Heartbeat,
}

/// <summary>One frame of a session's stream. <see cref="SessionFrameConverter"/> writes it for the hub, <see cref="EventStream"/> for server-sent events.</summary>
[JsonConverter(typeof(SessionFrameConverter))]
internal sealed class SessionFrame
{
    private SessionFrame(FrameKind kind) => Kind = kind;

    public FrameKind Kind { get; }

    /// <summary>The last committed sequence when the frame was made; for <see cref="FrameKind.Events"/> 0.</summary>
    public long Head { get; private init; }

    /// <summary>The epoch of the store; only in <see cref="FrameKind.Open"/>.</summary>
    public string? Epoch { get; private init; }

    /// <summary>Where the session stood at opening.</summary>
    public SessionStatus Status { get; private init; }

    /// <summary>True when the position asked for does not exist: the client discards what it has, everything from 1 follows.</summary>
    public bool Resync { get; private init; }

    /// <summary>The events of <see cref="FrameKind.Events"/>; else empty.</summary>
    public ArraySegment<EncodedEvent> Events { get; private init; } = [];

    public static SessionFrame Open(ISessionCursor cursor) => new(FrameKind.Open)
    {
        Epoch = cursor.Epoch,
        Head = cursor.Head,
        Status = cursor.Session.Status,
        Resync = cursor.MustResync,
    };

    public static SessionFrame Of(ArraySegment<EncodedEvent> events) => new(FrameKind.Events) { Events = events };

    public static SessionFrame Heartbeat(long head) => new(FrameKind.Heartbeat) { Head = head };
}

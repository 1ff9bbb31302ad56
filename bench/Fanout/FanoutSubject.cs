using System.Diagnostics;
using AgentLab.Bench.Storage;
using AgentLab.Bench.Viewers;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Bench.Fanout;

/// <summary>What viewers look at: AgentLab's session or the bare server's broadcast. Both carry the same bytes.</summary>
internal interface IFanoutSubject
{
    /// <summary>Where this many viewers look.</summary>
    ViewerTarget Target(int viewers, bool hub);

    /// <summary>Publishes events of this text; returns the sequence of the last.</summary>
    ValueTask<long> PublishAsync(int events, string text, CancellationToken cancellationToken);

    /// <summary>When this event became visible, in ticks of the stopwatch.</summary>
    long PublishedAt(long sequence);
}

/// <summary>AgentLab: an append to one session, seen when it is committed.</summary>
internal sealed class LabSubject : IFanoutSubject
{
    private readonly LabServer _server;
    private readonly (SessionId Session, RunId Run) _session;
    private long _head;

    private LabSubject(LabServer server, (SessionId, RunId) session) => (_server, _session, _head) = (server, session, SessionMaker.FirstEvents);

    public RunId Run => _session.Run;

    public static async Task<LabSubject> CreateAsync(LabServer server, CancellationToken cancellationToken) =>
        new(server, await SessionMaker.CreateAsync(server.Log, Guid.Empty, cancellationToken));

    public ViewerTarget Target(int viewers, bool hub) => Target(_server.Port, _server.Token, _session.Session, _head, viewers, hub);

    /// <summary>Viewers of a session behind this position.</summary>
    public static ViewerTarget Target(int port, string token, SessionId session, long after, int viewers, bool hub) => hub
        ? new ViewerTarget(port, "/hubs/sessions", viewers)
        {
            Token = token,
            After = after,
            Invocation = $$"""{"type":4,"invocationId":"1","target":"Stream","arguments":["{{session}}",{{after}},null]}""",
        }
        : new ViewerTarget(port, $"/api/v1/sessions/{session}/events?after={after}", viewers) { Token = token, After = after };

    public async ValueTask<long> PublishAsync(int events, string text, CancellationToken cancellationToken)
    {
        var delta = new NewEvent(new ModelDelta(text), _session.Run, "run/model[1]", 1);
        return _head = (await _server.Log.AppendAsync(_session, [.. Enumerable.Repeat(delta, events)], cancellationToken)).Last;
    }

    public long PublishedAt(long sequence) => _server.Commits.Of(_session.Session, sequence);
}

/// <summary>
/// The bare server: after the same append to the same log as AgentLab's, so that both wait for the same disk, the events are published from memory in
/// the bytes in which AgentLab writes them.
/// </summary>
internal sealed class BareSubject : IFanoutSubject
{
    private readonly BareServer _server;
    private readonly LabSubject _log;
    private readonly Dictionary<long, long> _times = [];

    private BareSubject(BareServer server, LabSubject log) => (_server, _log) = (server, log);

    public static async Task<BareSubject> CreateAsync(BareServer server, LabServer lab, CancellationToken cancellationToken)
    {
        server.Broadcast.Open();
        return new BareSubject(server, await LabSubject.CreateAsync(lab, cancellationToken));
    }

    public ViewerTarget Target(int viewers, bool hub) => Target(_server.Port, viewers, hub) with { After = SessionMaker.FirstEvents };

    /// <summary>Viewers of a bare server's broadcast.</summary>
    public static ViewerTarget Target(int port, int viewers, bool hub) => hub
        ? new ViewerTarget(port, "/hub", viewers) { Invocation = """{"type":4,"invocationId":"1","target":"Stream","arguments":[]}""" }
        : new ViewerTarget(port, "/events", viewers);

    public async ValueTask<long> PublishAsync(int events, string text, CancellationToken cancellationToken)
    {
        var last = await _log.PublishAsync(events, text, cancellationToken);
        var encoded = new EncodedEvent[events];
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < events; i++)
        {
            var sequence = last - events + 1 + i;
            encoded[i] = new EncodedEvent(new SessionEvent(
                sequence, _log.Run, "run/model[1]", 1, "model.delta", 1, TimeProvider.System.GetUtcNow(), EventCatalog.Encode(new ModelDelta(text))));
            _times[sequence] = now;
        }

        _server.Broadcast.Publish(encoded);
        return last;
    }

    public long PublishedAt(long sequence) => _times[sequence];
}

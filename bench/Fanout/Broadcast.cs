using AgentLab.Core.Sessions;

namespace AgentLab.Bench.Fanout;

/// <summary>One published frame and the promise of the next: the least by which one writer can feed many connections.</summary>
internal sealed class BroadcastFrame(byte[] serverSentEvents, byte[] json)
{
    private readonly TaskCompletionSource<BroadcastFrame> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public byte[] ServerSentEvents { get; } = serverSentEvents;

    public byte[] Json { get; } = json;

    public Task<BroadcastFrame> Next => _next.Task;

    public void Follow(BroadcastFrame next) => _next.SetResult(next);
}

/// <summary>The newest frame.</summary>
internal sealed class Broadcast
{
    private BroadcastFrame _newest = Opening();

    public BroadcastFrame Newest => Volatile.Read(ref _newest);

    /// <summary>Publishes the same bytes as AgentLab would write for these events.</summary>
    public void Publish(IReadOnlyList<EncodedEvent> events)
    {
        Follow(new BroadcastFrame(
            [.. events.SelectMany(e => e.ServerSentEvent.ToArray())],
            [(byte)'[', .. events.SelectMany((e, i) => i == 0 ? e.Json.ToArray() : [(byte)',', .. e.Json.ToArray()]), (byte)']']));
    }

    /// <summary>Lets viewers that come now begin with an opening instead of what was published last.</summary>
    public void Open() => Follow(Opening());

    private static BroadcastFrame Opening() => new(": open\n\n"u8.ToArray(), "[]"u8.ToArray());

    private void Follow(BroadcastFrame frame)
    {
        var last = Newest;
        Volatile.Write(ref _newest, frame);
        last.Follow(frame);
    }
}

using System.Collections.Concurrent;
using System.Text;
using Microsoft.Playwright;

namespace AgentLab.Browsing;

/// <summary>What a page sends to its server over WebSockets that it opens from now on. The browser tests use it too.</summary>
internal sealed class SentMessages
{
    private const int Heartbeat = 3;
    private readonly ConcurrentQueue<byte[]> _frames = new();

    public SentMessages(IPage page) =>
        page.WebSocket += (_, socket) => socket.FrameSent += (_, frame) => _frames.Enqueue(frame.Binary ?? Encoding.UTF8.GetBytes(frame.Text ?? string.Empty));

    /// <summary>Messages so far; the heartbeat of the connection is none.</summary>
    public int Count => _frames.Count(frame => frame.Length > Heartbeat);

    /// <summary>Those that hold this text.</summary>
    public int Holding(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var frame in _frames)
        {
            count += frame.AsSpan().IndexOf(text) >= 0 ? 1 : 0;
        }

        return count;
    }
}

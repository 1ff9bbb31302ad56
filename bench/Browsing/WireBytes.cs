using System.Text;
using Microsoft.Playwright;

namespace AgentLab.Bench.Browsing;

/// <summary>Counts what comes over the wire to a page: answers with their heads, compressed as they came, and WebSocket frames.</summary>
internal sealed class WireBytes : IAsyncDisposable
{
    private readonly ICDPSession _session;
    private long _bytes;
    private long _frames;

    private WireBytes(ICDPSession session) => _session = session;

    /// <summary>Bytes so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>WebSocket frames so far.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    public static async Task<WireBytes> OfAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        var wire = new WireBytes(session);
        session.Event("Network.loadingFinished").OnEvent += (_, e) =>
            Interlocked.Add(ref wire._bytes, (long)(e?.GetProperty("encodedDataLength").GetDouble() ?? 0));
        session.Event("Network.webSocketFrameReceived").OnEvent += (_, e) =>
        {
            // Binary frames are told in base64.
            var response = e!.Value.GetProperty("response");
            var payload = response.GetProperty("payloadData").GetString() ?? string.Empty;
            var binary = response.GetProperty("opcode").GetDouble() == 2;
            Interlocked.Add(ref wire._bytes, binary ? payload.Length * 3L / 4 : Encoding.UTF8.GetByteCount(payload));
            Interlocked.Increment(ref wire._frames);
        };
        await session.SendAsync("Network.enable");
        return wire;
    }

    public async ValueTask DisposeAsync() => await _session.DetachAsync();
}

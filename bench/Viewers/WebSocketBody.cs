using System.Buffers.Binary;

namespace AgentLab.Bench.Viewers;

/// <summary>The text of a WebSocket's frames as a server sends them, unmasked. Control frames are passed over.</summary>
internal sealed class WebSocketBody(SequenceScanner scanner) : IBody
{
    private const int LongestHead = 10;
    private readonly byte[] _head = new byte[LongestHead];
    private int _have;
    private long _left;
    private bool _control;

    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_left > 0)
            {
                var take = (int)Math.Min(_left, bytes.Length);
                if (!_control)
                {
                    scanner.Read(bytes[..take]);
                }

                _left -= take;
                bytes = bytes[take..];
                continue;
            }

            _head[_have++] = bytes[0];
            bytes = bytes[1..];
            if (_have >= 2 && _have == HeadLength())
            {
                _control = (_head[0] & 0x0f) >= 8;
                _left = PayloadLength();
                _have = 0;
            }
        }
    }

    private int HeadLength() => (_head[1] & 0x7f) switch { 126 => 4, 127 => LongestHead, _ => 2 };

    private long PayloadLength() => (_head[1] & 0x7f) switch
    {
        126 => BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(2)),
        127 => BinaryPrimitives.ReadInt64BigEndian(_head.AsSpan(2)),
        var small => small,
    };
}

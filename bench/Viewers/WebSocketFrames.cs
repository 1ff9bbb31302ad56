using System.Buffers.Binary;
using System.Text;

namespace AgentLab.Bench.Viewers;

/// <summary>Frames as a client sends them: masked, here with a mask of zeros.</summary>
internal static class WebSocketFrames
{
    public static byte[] Text(string text)
    {
        const int Mask = 4;
        var payload = Encoding.UTF8.GetBytes(text);
        var head = payload.Length < 126 ? 2 : 4;
        var frame = new byte[head + Mask + payload.Length];
        frame[0] = 0x81;
        frame[1] = (byte)(0x80 | (head == 2 ? payload.Length : 126));
        if (head == 4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        }

        payload.CopyTo(frame, head + Mask);
        return frame;
    }
}

using System.Buffers.Text;

namespace AgentLab.Bench.Viewers;

/// <summary>Finds the events in a stream of bytes by their first member, <c>{"sequence":N</c>, however the bytes are cut.</summary>
internal sealed class SequenceScanner(Action<long> found)
{
    private const int MaxDigits = 19;
    private readonly byte[] _carried = new byte[Needle.Length + MaxDigits + 1];
    private int _carry;

    private static ReadOnlySpan<byte> Needle => "{\"sequence\":"u8;

    public void Read(ReadOnlySpan<byte> bytes)
    {
        if (_carry > 0)
        {
            bytes = Join(bytes);
        }

        while (true)
        {
            var at = bytes.IndexOf(Needle);
            if (at < 0)
            {
                Keep(bytes.Length < Needle.Length ? bytes : bytes[^(Needle.Length - 1)..]);
                return;
            }

            var digits = bytes[(at + Needle.Length)..];
            var end = digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (end < 0)
            {
                Keep(bytes[at..]);
                return;
            }

            if (Utf8Parser.TryParse(digits[..end], out long sequence, out _))
            {
                found(sequence);
            }

            bytes = digits[end..];
        }
    }

    /// <summary>What was left of the last part is an event's beginning or nothing: it is finished with the first bytes of this part.</summary>
    private ReadOnlySpan<byte> Join(ReadOnlySpan<byte> bytes)
    {
        var joined = new byte[_carry + bytes.Length];
        _carried.AsSpan(0, _carry).CopyTo(joined);
        bytes.CopyTo(joined.AsSpan(_carry));
        _carry = 0;
        return joined;
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        // A whole needle cannot begin in a rest without '{'.
        var start = rest.LastIndexOf((byte)'{');
        if (start >= 0)
        {
            rest[start..].CopyTo(_carried);
            _carry = rest.Length - start;
        }
    }
}

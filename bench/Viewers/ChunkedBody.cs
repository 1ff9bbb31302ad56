namespace AgentLab.Bench.Viewers;

/// <summary>The body of a chunked HTTP/1.1 answer.</summary>
internal sealed class ChunkedBody(SequenceScanner scanner) : IBody
{
    private int _left;
    private int _size;

    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_left > 0)
            {
                var take = Math.Min(_left, bytes.Length);
                scanner.Read(bytes[..take]);
                _left -= take;
                bytes = bytes[take..];
                continue;
            }

            // A line end after a chunk reads as a size of nothing and changes nothing.
            switch (bytes[0])
            {
                case (byte)'\n':
                    (_left, _size) = (_size, 0);
                    break;
                case (byte)'\r':
                    break;
                case var hex:
                    _size = (_size * 16) + Convert.ToInt32(((char)hex).ToString(), 16);
                    break;
            }

            bytes = bytes[1..];
        }
    }
}

namespace AgentLab.Bench.Viewers;

/// <summary>Takes the content out of a connection's bytes and hands it to a scanner.</summary>
internal interface IBody
{
    void Read(ReadOnlySpan<byte> bytes);
}
